// A call on its way: asked and open, done but for its settlement, answered.

import type { Call, Performed, Settlement, Step } from "../call.ts";

/** A call the script waits for. */
export interface OpenCall {
  id: number;
  call: Call;
  step: Step;
}

/** A call whose work is done, but for a settlement that is to run in order. */
export interface Arrived {
  open: OpenCall;
  settlement: Settlement;
  /** The answer is one of an earlier run. */
  reused?: true;
}

/** A call and what it came to. */
export interface Delivery {
  open: OpenCall;
  performed: Performed;
}
