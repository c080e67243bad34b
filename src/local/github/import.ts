// Takes over a repository of this machine: what it has checked out becomes the default branch.

import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { GitHubCore, RepositoryName } from "./core.ts";
import { git, gitBytes, GitFailure, tryGit } from "./git.ts";
import { repositoryOf } from "./people.ts";
import { noticeRefs } from "./rules/ref-changes.ts";
import { inTurn } from "./turns.ts";

/** Whoever names a folder here trusts it, whoever owns it; its own settings cannot say so. */
const uploadPack = ["--upload-pack", "git -c safe.directory=* upload-pack"];

/**
 * Takes over what a git repository has checked out, under its branch's name, as default branch. A shallow clone comes
 * with the history it has. Rejects with a sentence when its commits did not arrive; nothing was changed then.
 */
export async function importRepository(
  core: GitHubCore,
  wanted: RepositoryName,
  path: string,
): Promise<void> {
  const repository = repositoryOf(core, wanted);
  const { gitDir } = repository;
  const listed = await tryGit(gitDir, ["ls-remote", ...uploadPack, "--symref", path, "HEAD"]);
  if (listed === null) {
    throw new Error(
      `${path} cannot be read as a git repository. Nothing was imported; name a folder with a repository.`,
    );
  }
  const name = /^ref: refs\/heads\/(\S+)\tHEAD/m.exec(listed)?.[1] ?? repository.defaultBranch;
  await inTurn(repository, async () => {
    if (/\tHEAD$/m.test(listed)) await takeHead(gitDir, { path, ref: `refs/heads/${name}` });
    await git(gitDir, ["symbolic-ref", "HEAD", `refs/heads/${name}`]);
    repository.defaultBranch = name;
    await noticeRefs(core, repository, repository.owner);
  });
}

interface Taken {
  path: string;
  /** What the commit gets as its name here. */
  ref: string;
}

async function takeHead(gitDir: string, { path, ref }: Taken): Promise<void> {
  const flags = ["--quiet", "--no-tags", "--no-write-fetch-head", "--update-shallow"];
  try {
    await git(gitDir, ["fetch", ...flags, ...uploadPack, "--", path, `+HEAD:${ref}`]);
  } catch (error) {
    if (error instanceof GitFailure) throw notArrived(path, error);
    throw error;
  }
  // Git leaves a ref out without a word in some cases.
  const arrived = await tryGit(gitDir, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]);
  if (arrived === null) throw notArrived(path);
  const shallow = await git(gitDir, ["rev-parse", "--is-shallow-repository"]);
  if (shallow.trim() === "true") await makeWhole(gitDir, ref);
}

const notArrived = (path: string, cause?: GitFailure): Error =>
  new Error(
    `The commits of ${path} could not be taken over, so nothing was imported. In a clone that leaves files out ` +
      `(\`--filter\`), get them first: \`git fetch --refetch --no-filter\`.${cause === undefined ? "" : ` ${cause.message}`}`,
    { cause },
  );

/**
 * GitHub's repositories are whole, and git fetches no ref from one that is not. The oldest commits there are become
 * first commits, so all after them get other ids; their files, words and dates stay.
 */
async function makeWhole(gitDir: string, ref: string): Promise<void> {
  const flags = ["--no-data", "--reencode=no", "--signed-tags=strip"];
  const history = await gitBytes(gitDir, ["fast-export", ...flags, ref]);
  await rm(join(gitDir, "shallow"));
  await git(gitDir, ["fast-import", "--force", "--quiet"], { input: history });
}
