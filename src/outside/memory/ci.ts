// CI of the GitHub in memory: a rule says what it makes of a commit, which is pending at the first look.

import type { Forge } from "../../world/forge.ts";
import type { OtherCheck } from "../../world/checks.ts";
import { type GitHubState, notFound } from "./state.ts";

/** GitHub's marks that keep CI away from a commit. */
const SKIPS = /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/i;

export function ciPart(state: GitHubState): Pick<Forge, "otherChecks" | "endOfCheck"> {
  return {
    otherChecks: async (sha) => {
      const message = await state.home.messageOf(sha);
      if (message === null) throw notFound(`the commit ${sha}`);
      return [...known(state, sha), ...(SKIPS.test(message) ? [] : await judged(state, sha))];
    },
    endOfCheck: async ({ name, url }) => {
      const sha = url?.split("/").at(-1) ?? "";
      return (await ranOn(state, sha)).find((each) => each.name === name)?.log ?? null;
    },
  };
}

function known({ otherChecks }: GitHubState, sha: string): OtherCheck[] {
  return otherChecks
    .filter((check) => check.sha === sha)
    .map(({ name }) => ({ ...run(name, sha), state: "passed", said: "success" }));
}

async function judged(state: GitHubState, sha: string): Promise<OtherCheck[]> {
  const looks = state.ciLooks.get(sha) ?? 0;
  state.ciLooks.set(sha, looks + 1);
  const checks = await ranOn(state, sha);
  return checks.map(({ name, passed }) => {
    if (looks === 0) return { ...run(name, sha), state: "pending", said: "in_progress" };
    return passed
      ? { ...run(name, sha), state: "passed", said: "success" }
      : { ...run(name, sha), state: "failed", said: "failure" };
  });
}

async function ranOn(state: GitHubState, sha: string) {
  const read = async (path: string): Promise<string | null> => {
    const file = await state.home.readFile(sha, path);
    return file?.kind === "text" ? file.text : null;
  };
  return (await state.ci?.({ sha, read })) ?? [];
}

const run = (name: string, sha: string) => ({
  kind: "run" as const,
  id: 1,
  name,
  url: `https://memory.invalid/checks/${sha}`,
  hasLog: true,
});
