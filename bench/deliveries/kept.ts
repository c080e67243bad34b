// Deliveries as they were caught: what GitHub signed, to be sent when everything is ready.

import { z } from "zod";

export const Kept = z.array(
  z.object({ headers: z.record(z.string(), z.string()), body: z.string() }),
);
export type Kept = z.infer<typeof Kept>;

export const Answers = z.array(z.object({ status: z.int(), ms: z.number() }));
