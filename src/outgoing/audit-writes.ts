// Every write to GitHub stands in the audit log before it is made: which call, on what, for which run. No text of it.

import type { World } from "../world.ts";
import type { Audited, AuditLog } from "../world/audit-log.ts";
import type { Forge, OpenForge, Reactable } from "../world/forge.ts";

type Noted = Pick<Audited, "target"> & { hash?: string };

/** Wraps every forge that is opened. Nothing else changes. */
export const auditForges =
  (openForge: OpenForge, log: AuditLog): OpenForge =>
  async (ref) =>
    auditForge(await openForge(ref), log);

/** What a call is about is in the first thing that it is given. */
type Noting = <First, Rest extends unknown[], Answer>(
  what: keyof Forge,
  call: (first: First, ...rest: Rest) => Promise<Answer>,
  on: (first: NoInfer<First>) => Noted | Noted[],
) => (first: First, ...rest: Rest) => Promise<Answer>;

function auditForge(forge: Forge, log: AuditLog): Forge {
  const repository = forge.ref.repositoryId;
  const noting: Noting =
    (what, call, on) =>
    async (first, ...rest) => {
      const rows = [on(first)].flat();
      const common = { kind: "write", repository, what } as const;
      await log.note(rows.map(({ target, hash = null }) => ({ ...common, target, hash })));
      return await call(first, ...rest);
    };
  return { ...forge, ...words(forge, noting), ...pulls(forge, noting), ...commits(forge, noting) };
}

/** What is said in threads. */
const words = (forge: Forge, noting: Noting): Partial<Forge> => ({
  react: noting("react", (...given) => forge.react(...given), reactable),
  unreact: noting("unreact", (...given) => forge.unreact(...given), reactable),
  removeLabel: noting("removeLabel", (...given) => forge.removeLabel(...given), thread),
  createComment: noting("createComment", (...given) => forge.createComment(...given), thread),
  editComment: noting(
    "editComment",
    (...given) => forge.editComment(...given),
    (id) => ({ target: `comment ${id}` }),
  ),
  createIssue: noting("createIssue", (...given) => forge.createIssue(...given), nothingYet),
  editIssue: noting("editIssue", (...given) => forge.editIssue(...given), thread),
  mark: noting("mark", (...given) => forge.mark(...given), thread),
  hide: noting("hide", (...given) => forge.hide(...given), thread),
});

const pulls = (forge: Forge, noting: Noting): Partial<Forge> => ({
  createPullRequest: noting(
    "createPullRequest",
    (...given) => forge.createPullRequest(...given),
    ({ head }) => ({ target: head }),
  ),
  editPullRequest: noting("editPullRequest", (...given) => forge.editPullRequest(...given), thread),
  createReview: noting("createReview", (...given) => forge.createReview(...given), thread),
  resolveThreads: noting("resolveThreads", (...given) => forge.resolveThreads(...given), thread),
});

/** What is done to commits and refs. */
const commits = (forge: Forge, noting: Noting): Partial<Forge> => ({
  uploadCodeScan: noting(
    "uploadCodeScan",
    (...given) => forge.uploadCodeScan(...given),
    ({ ref, commit }) => ({ target: ref, hash: commit }),
  ),
  putCheckRun: noting(
    "putCheckRun",
    (...given) => forge.putCheckRun(...given),
    ({ headSha }) => ({ target: null, hash: headSha }),
  ),
  createCommit: noting(
    "createCommit",
    (...given) => forge.createCommit(...given),
    ({ tree }) => ({ target: null, hash: tree }),
  ),
  moveRefs: noting(
    "moveRefs",
    (...given) => forge.moveRefs(...given),
    (updates) => updates.map(({ ref, to }) => ({ target: ref, hash: to })),
  ),
});

const reactable = ({ kind, id }: Reactable): Noted => ({ target: `${kind} ${id}` });
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
