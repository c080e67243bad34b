// Whether the key works and a model is there, asked for nothing, with the provider's refusals in our words.

import type { CheckModel } from "../../world/model-check.ts";
import { classify } from "./classify.ts";
import type { Reach } from "./reach.ts";

/** The way is opened with the first question: a package that is missing rejects there, with `NoWayToClaude`. */
export function createModelCheck(open: () => Promise<Reach> | Reach): CheckModel {
  return async (id) => {
    const { check, nameOf, secrets } = await open();
    try {
      return await check(nameOf(id));
    } catch (error) {
      throw classify(error, { usage: null, secrets });
    }
  };
}
