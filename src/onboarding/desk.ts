// New repositories get one pull request that proposes settings: kept until it was opened or is not wanted, one at a beat.

import type { Forge, RepositoryRef } from "../world/forge.ts";
import { ForgeError } from "../world/forge-error.ts";
import { branchRef, checkBranch } from "../repo/refs.ts";
import type { Oid } from "../repo/git-data.ts";
import type { House, Site } from "../runs/house.ts";
import { SETTINGS_PATH } from "../settings/found.ts";
import { lookAround } from "./look.ts";
import { renderOnboarding } from "./render.ts";
import { openWaitingList, together, type Waiting } from "./waiting.ts";

export interface OnboardingDesk {
  /** Kept when it resolves. */
  added(refs: readonly RepositoryRef[]): Promise<void>;
  /** Opens at most one pull request. Never rejects: what fails is logged, and tried again at the next beat. */
  beat(signal: AbortSignal): Promise<void>;
}

/** The pull request's branch: it is found by it, open or closed, before another is opened. */
export const ONBOARDING_BRANCH = checkBranch("fanfold/configure/settings");

const ATTEMPTS = 10;

export function createOnboardingDesk(house: House): OnboardingDesk {
  const { log } = house.world;
  const list = openWaitingList(house.world);
  const look = async (first: Waiting[number], signal: AbortSignal): Promise<void> => {
    const isFirst = ({ repositoryId }: RepositoryRef): boolean =>
      repositoryId === first.repositoryId;
    const repository = `${first.owner}/${first.name}`;
    try {
      const came = await onboard(house, first, signal);
      log.info({ repository, came }, "looked at a new repository");
      await list.change((waiting) => waiting.filter((each) => !isFirst(each)));
    } catch (err) {
      if (signal.aborted) return;
      const again = { ...first, attempts: first.attempts + 1 };
      log.warn({ repository, err }, "no settings could be proposed");
      const kept = again.attempts < ATTEMPTS ? [again] : [];
      await list.change((waiting) => [...waiting.filter((each) => !isFirst(each)), ...kept]);
    }
  };
  return {
    added: (refs) =>
      list.change((waiting) =>
        together(
          waiting,
          refs.map((ref) => ({ ...ref, attempts: 0 })),
        ),
      ),
    beat: async (signal) => {
      try {
        const [first] = await list.read();
        if (first !== undefined && !signal.aborted) await look(first, signal);
      } catch (err) {
        log.warn({ err }, "could not look which repositories are new");
      }
    },
  };
}

type Came = "opened" | "known" | "not-wanted";

async function onboard(house: House, ref: RepositoryRef, signal: AbortSignal): Promise<Came> {
  // The file there holds for all repositories of its owner, who writes it on purpose.
  if (ref.name === ".github") return "not-wanted";
  const rules = await house.rules.of(ref);
  if (rules.closed !== null || !rules.effective.settings.onboarding) return "not-wanted";
  const forge = await house.world.openForge(ref);
  const { defaultBranch, isFork, isArchived } = await forge.repository();
  if (isFork || isArchived) return "not-wanted";
  // Open, merged or closed: each is an answer, and a closed one is a no.
  if ((await forge.findPullRequest(ONBOARDING_BRANCH)) !== null) return "known";
  if ((await textOf(forge)) !== null) return "known";
  const site = await house.site(ref);
  const base = await site.mirror.fetch(branchRef(defaultBranch));
  if (base === null) return "not-wanted";
  const facts = await lookAround(house, await site.mirror.snapshot(base), signal);
  const { file, title, body } = renderOnboarding(facts);
  await putBranch(house, { site, forge, base, file }, signal);
  await forge.createPullRequest({
    head: ONBOARDING_BRANCH,
    base: defaultBranch,
    title,
    body,
    draft: false,
  });
  return "opened";
}

async function textOf(forge: Forge): Promise<string | null> {
  try {
    return await forge.readFile(SETTINGS_PATH, "repository");
  } catch (error) {
    // Something else stands there: it is not ours to replace.
    if (error instanceof ForgeError && error.kind === "refused") return "";
    throw error;
  }
}

/** A commit that GitHub signs, on a branch that nobody else has; what a crash left there is taken over. */
async function putBranch(
  { settings }: House,
  { site, forge, base, file }: { site: Site; forge: Forge; base: Oid; file: string },
  signal: AbortSignal,
): Promise<void> {
  const { mirror, pacer } = site;
  const message = "Propose settings for Fanfold\n";
  const edits = [{ path: SETTINGS_PATH, content: file }];
  const commit = await mirror.commit({
    parent: base,
    edits,
    message,
    author: settings.author,
    at: 0,
  });
  const ref = branchRef(ONBOARDING_BRANCH);
  const from = (await mirror.remoteRefs(ref)).get(ref) ?? null;
  if (from !== commit) {
    await pacer.turn(signal);
    await mirror.push([{ ref, from, to: commit }]);
  }
  const tree = await mirror.tree(commit);
  const signed = await forge.createCommit({ message, tree, parents: [base] });
  const isMoved = await forge.moveRefs([{ ref, from: commit, to: signed.sha, force: true }]);
  if (!isMoved) throw new Error(`${ref} was moved by somebody else in this moment.`);
}
