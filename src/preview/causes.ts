// Which answer led to which call: how a preview tells the rounds of a loop from the items of a fan-out.

import type { JsonObject } from "../engine/json.ts";
import type { Asked, OpenSandbox, Pumped, Sandbox } from "../engine/sandbox.ts";

/** One call, and the call whose answer made the script ask it. */
interface Link {
  cause: Link | null;
  question: string | null;
  key: string | null;
  isRefused: boolean;
}

/** Watches one run from between engine and sandbox, where answers and what they lead to pass by in order. */
export interface Causes {
  /** The sandbox, watched. */
  watch(open: OpenSandbox): OpenSandbox;
  /** How often this question was asked on the way to this call, itself included. */
  roundOf: (input: JsonObject, question: string, key: string) => number;
  /** The call that got a made-up answer last, and its question: what a script threw, it threw after that. */
  lastAnswered: () => { key: string; question: string } | null;
}

/** How many refusals in a row a script may answer with a further call. */
const PATIENCE = 20;

/** `onStubborn` hears of a script that goes on asking for agents although there are none left. */
export function createCauses(isRefusal: (name: string) => boolean, onStubborn: () => void): Causes {
  const byId = new Map<number, Link>();
  // The engine hands a call's input on as it came; that makes it the call's name from here to the step.
  const byInput = new WeakMap<JsonObject, Link>();
  let last: Link | null = null;

  function see({ did }: Pumped, cause: Link | null): void {
    for (const deed of did) if (deed.kind === "asked") add(deed.call, cause);
  }

  function add({ id, input }: Asked, cause: Link | null): void {
    const link: Link = { cause, question: null, key: null, isRefused: false };
    byId.set(id, link);
    byInput.set(input, link);
    if (refusalsBefore(link) > PATIENCE) onStubborn();
  }

  function watched(sandbox: Sandbox): Sandbox {
    return {
      async start(program) {
        const pumped = await sandbox.start(program);
        see(pumped, null);
        return pumped;
      },
      async deliver(answers, hear) {
        const heard = answers.values();
        await sandbox.deliver(answers, (pumped) => {
          const { value: answer } = heard.next();
          const link = answer === undefined ? null : (byId.get(answer.id) ?? null);
          if (link !== null && answer?.outcome.ok === false) {
            link.isRefused = isRefusal(answer.outcome.error.name);
          }
          // A call that failed has no answer that another could take the place of.
          last = answer?.outcome.ok === true ? link : null;
          see(pumped, link);
          hear(pumped);
        });
      },
      [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
    };
  }

  return {
    watch: (open) => async () => watched(await open()),
    lastAnswered() {
      const { key = null, question = null } = last ?? {};
      return key === null || question === null ? null : { key, question };
    },
    roundOf(input, question, key) {
      const link = byInput.get(input);
      if (link === undefined) return 1;
      link.question = question;
      link.key = key;
      let round = 1;
      for (let up = link.cause; up !== null; up = up.cause)
        if (up.question === question) round += 1;
      return round;
    },
  };
}

function refusalsBefore(link: Link): number {
  let count = 0;
  for (let up = link.cause; up?.isRefused === true; up = up.cause) count += 1;
  return count;
}
