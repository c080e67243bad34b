// Every write to GitHub stands in the audit log before it is made: which call, on what, for which run. No text of it.

import type { World } from "../world.ts";
import type { Audited, AuditLog } from "../world/audit-log.ts";
import type { Forge, OpenForge } from "../world/forge.ts";

type Noted = Pick<Audited, "target"> & { hash?: string };

/** Wraps every forge that is opened. Nothing else changes. */
export const auditForges =
  (openForge: OpenForge, log: AuditLog): OpenForge =>
  async (ref) =>
    auditForge(await openForge(ref), log);

function auditForge(forge: Forge, log: AuditLog): Forge {
  const repository = forge.ref.repositoryId;
  const noting =
    <Given extends unknown[], Answer>(
      call: (...given: Given) => Promise<Answer>,
      what: keyof Forge,
      on: (...given: Given) => Noted | Noted[],
    ) =>
    async (...given: Given): Promise<Answer> => {
      const rows = [on(...given)].flat();
      const common = { kind: "write", repository, what } as const;
      await log.note(rows.map(({ target, hash = null }) => ({ ...common, target, hash })));
      return await call(...given);
    };
  return {
    ...forge,
    react: noting(forge.react, "react", ({ kind, id }) => ({ target: `${kind} ${id}` })),
    unreact: noting(forge.unreact, "unreact", ({ kind, id }) => ({ target: `${kind} ${id}` })),
    removeLabel: noting(forge.removeLabel, "removeLabel", thread),
    createComment: noting(forge.createComment, "createComment", thread),
    editComment: noting(forge.editComment, "editComment", (id) => ({ target: `comment ${id}` })),
    createIssue: noting(forge.createIssue, "createIssue", nothingYet),
    editIssue: noting(forge.editIssue, "editIssue", thread),
    uploadCodeScan: noting(forge.uploadCodeScan, "uploadCodeScan", ({ ref, commit }) => ({
      target: ref,
      hash: commit,
    })),
    createPullRequest: noting(forge.createPullRequest, "createPullRequest", ({ head }) => ({
      target: head,
    })),
    editPullRequest: noting(forge.editPullRequest, "editPullRequest", thread),
    mark: noting(forge.mark, "mark", thread),
    createReview: noting(forge.createReview, "createReview", thread),
    resolveThreads: noting(forge.resolveThreads, "resolveThreads", thread),
    hide: noting(forge.hide, "hide", thread),
    putCheckRun: noting(forge.putCheckRun, "putCheckRun", ({ headSha }) => ({
      target: null,
      hash: headSha,
    })),
    createCommit: noting(forge.createCommit, "createCommit", ({ tree }) => ({
      target: null,
      hash: tree,
    })),
    moveRefs: noting(forge.moveRefs, "moveRefs", (updates) =>
      updates.map(({ ref, to }) => ({ target: ref, hash: to })),
    ),
  };
}

const thread = (number: number): Noted => ({ target: `#${number}` });
const nothingYet = (): Noted => ({ target: null });

/** Wraps every remote that is opened: each ref of a push is a line; `hash` is null where it is deleted. */
export const auditRemotes =
  (openRemote: World["openRemote"], log: AuditLog): World["openRemote"] =>
  async (ref) => {
    const remote = await openRemote(ref);
    const common = { kind: "write", repository: ref.repositoryId, what: "push" } as const;
    return {
      ...remote,
      push: async (gitDir, updates) => {
        await log.note(updates.map((each) => ({ ...common, target: each.ref, hash: each.to })));
        return await remote.push(gitDir, updates);
      },
    };
  };
