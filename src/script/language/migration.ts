// The globals of work that comes in many parts and goes on for weeks.

import { type LanguageEntry, shown, step } from "./entry.ts";

const what = {
  name: "what",
  type: "string",
  does: "what is migrated, in words: the same words are the same migration, in whichever run",
};

export const migration: readonly LanguageEntry[] = [
  {
    name: "migration.shards",
    signature: "migration.shards(files, options?)",
    does: "Divides files into parts that one worker keeps in view. No agent is asked.",
    parameters: [{ name: "files", type: "string[]", does: "paths" }],
    options: [
      {
        name: "by",
        type: "'file' | 'directory' | 'package' | 'owner'",
        does: "what belongs together: one file, its directory (the default), the nearest `package.json`, or its owners by `CODEOWNERS`",
      },
      { name: "most", type: "number", does: "files of one part; default: 8" },
    ],
    gives: "`{ name, files }[]`, in the order of their first files.",
    errors: ["when an option has the wrong type (`StepFailed`)"],
    example: `const shards = await migration.shards(await repo.files("src/**/*.js"), { by: "package" });
log(shards.length, "parts");`,
    step: step("migration.shards", "files"),
  },
  {
    name: "migration.known",
    signature: "migration.known(what)",
    does: "What became of the parts that earlier runs proposed for the same migration, so that nothing is done twice and a no stays a no.",
    parameters: [what],
    gives:
      "`{ name, files, state, pull, log, patch }[]`. `state` is `'todo'` (its pull request comes), `'open'`, `'merged'`, `'closed'` (a person said no), `'conflict'` or `'failing'`. For the last two `patch` is what was proposed, and `log` the end of the log of what fails: text of others, for agents as `data`.",
    example: `const refused = (await migration.known("callbacks to promises")).filter(({ state }) => state === "closed");
log(refused.length, "parts are not wanted");`,
    step: step("migration.known", "what"),
  },
  {
    name: "migration.propose",
    signature: "migration.propose(what, shards, options?)",
    does: "Hands accepted changes over to be proposed one by one, each in a pull request of its own, over days, where the repository wants that (`pullRequests.per: shard`). They are not folded in then, and one issue tells where each stands.",
    parameters: [
      what,
      {
        name: "shards",
        type: "{ name, files, change }[]",
        does: "each part with its `Change`, or `null` where there is none",
      },
    ],
    options: [
      {
        name: "coverage",
        type: "{ inScope, read, notRead, failed }",
        does: "what the inventory looked at, as `report()` takes it: it stands in the issue",
      },
      ...shown,
    ],
    gives:
      "`{ apart, proposed, refused }`: `apart` is `false` where the repository wants one pull request for all, and nothing was done: use `combine()`. `proposed` are names, `refused` is `{ name, why }[]`: what no reviewer accepted.",
    errors: ["when a part has the wrong shape (`StepFailed`)"],
    example: `const files = ["src/a.js"];
const made = await change("Turn src/a.js into an ES module.");
if (made !== null) await review(made);
const { apart } = await migration.propose("CommonJS to ES modules", [{ name: "src", files, change: made }]);
if (!apart && made !== null) await combine([made]);`,
    step: step("migration.propose", "what", "shards"),
  },
];
