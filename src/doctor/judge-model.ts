// Judgements about the way to the model. Pure.

import type { ModelCheck } from "../world/model-check.ts";
import { failure, type Finding, ok, warning } from "./finding.ts";

export function judgeModel(id: string, check: ModelCheck): Finding {
  switch (check.kind) {
    case "there":
      return ok("model", `The key works, and ${id} is there.`);
    case "untold":
      return warning(
        "model",
        `Whether ${id} is there cannot be asked for nothing: ${check.why}.`,
        "Nothing has to be done; the first run tells.",
      );
    case "not-there": {
      const some = check.others.slice(0, 8).join(", ");
      const known = some === "" ? "" : ` There are, among others: ${some}.`;
      return failure(
        "model",
        `The key works, but ${id} is not there.${known}`,
        "Set FANFOLD_MODEL to a model that this account may use, in this region.",
      );
    }
  }
}
