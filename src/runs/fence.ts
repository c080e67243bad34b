// A forge and a mirror of one run that write only for as long as the run is ours: proven by the checkpoint, just before.

import type { Mirror } from "../repo/contract.ts";
import type { Forge } from "../world/forge.ts";
import { permitNow } from "../world/permit.ts";

/** Resolves when this process drives the run beyond doubt; rejects with `Fenced` when it does not. */
export type Prove = () => Promise<void>;

/** Resolves when GitHub's lists know what an earlier driver of the run may have made. */
export type Listed = () => Promise<void>;

const after =
  (first: () => Promise<void>) =>
  <Given extends unknown[], Answer>(work: (...given: Given) => Promise<Answer>) =>
  async (...given: Given): Promise<Answer> => {
    await first();
    return await work(...given);
  };

/** Whoever looks for what was made, before it is made, looks when the lists know of it; the rest of a run does not wait for that. */
export function lookWhenListed(forge: Forge, listed: Listed): Forge {
  const later = after(listed);
  return {
    ...forge,
    findComment: later((...given) => forge.findComment(...given)),
    findIssue: later((...given) => forge.findIssue(...given)),
    findPullRequest: later((...given) => forge.findPullRequest(...given)),
    findReview: later((...given) => forge.findReview(...given)),
    ourChecks: later((...given) => forge.ourChecks(...given)),
    // These look by themselves.
    putCheckRun: later((...given) => forge.putCheckRun(...given)),
    resolveThreads: later((...given) => forge.resolveThreads(...given)),
    hide: later((...given) => forge.hide(...given)),
  };
}

/** GitHub cannot compare and swap comments, reviews and check runs: a driver that is not the run's any more must be silent. */
export function fenceForge(forge: Forge, prove: Prove): Forge {
  const proven = after(prove);
  return {
    ...forge,
    react: proven((...given) => forge.react(...given)),
    unreact: proven((...given) => forge.unreact(...given)),
    removeLabel: proven((...given) => forge.removeLabel(...given)),
    createComment: proven((...given) => forge.createComment(...given)),
    editComment: proven((...given) => forge.editComment(...given)),
    createIssue: proven((...given) => forge.createIssue(...given)),
    editIssue: proven((...given) => forge.editIssue(...given)),
    uploadCodeScan: proven((...given) => forge.uploadCodeScan(...given)),
    createPullRequest: proven((...given) => forge.createPullRequest(...given)),
    editPullRequest: proven((...given) => forge.editPullRequest(...given)),
    mark: proven((...given) => forge.mark(...given)),
    createReview: proven((...given) => forge.createReview(...given)),
    resolveThreads: proven((...given) => forge.resolveThreads(...given)),
    hide: proven((...given) => forge.hide(...given)),
    putCheckRun: proven((...given) => forge.putCheckRun(...given)),
    createCommit: proven((...given) => forge.createCommit(...given)),
    moveRefs: proven((...given) => forge.moveRefs(...given)),
  };
}

/** Its push is compared and swapped, but not together with the checkpoint. */
export const fenceMirror = (mirror: Mirror, prove: Prove): Mirror => ({
  ...mirror,
  push: async (updates) => {
    await prove();
    await permitNow()?.();
    return await mirror.push(updates);
  },
});
