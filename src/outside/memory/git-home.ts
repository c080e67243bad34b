// The home of a GitHub in memory as a bare repository on this disk.

import parseDiff from "parse-diff";

import { git, gitText, isAncestor, readRef } from "./git.ts";
import type { Home, HomePlace } from "./home.ts";

/** `gitDir` is an absolute path; whoever pushes to it has pushed to that GitHub. */
export function openGitHome(gitDir: string): Home {
  return {
    readRef: (ref) => readRef(gitDir, ref),
    has: async (commit) => (await git(gitDir, ["cat-file", "-e", `${commit}^{commit}`])).ok,
    authorEmail: async (commit) => {
      const { ok, text } = await git(gitDir, ["log", "-1", "--format=%ae", commit, "--"]);
      return ok ? text : null;
    },
    messageOf: async (commit) => {
      const { ok, text } = await git(gitDir, ["log", "-1", "--format=%B", commit, "--"]);
      return ok ? text : null;
    },
    isAncestor: (older, newer) => isAncestor(gitDir, [older, newer]),
    related: async (one, other) => (await git(gitDir, ["merge-base", one, other])).ok,
    createCommit: async ({ message, tree, parents }) => {
      const named = parents.flatMap((parent) => ["-p", parent]);
      const { ok, text } = await git(gitDir, ["commit-tree", ...named, tree], message);
      return ok ? text : null;
    },
    moveRefs: async (moves) => {
      const found = await Promise.all(moves.map(({ ref }) => readRef(gitDir, ref)));
      if (moves.every(({ to }, index) => found[index] === to)) return { kind: "moved" };
      if (moves.some(({ from }, index) => found[index] !== from)) return { kind: "stale" };
      for (const { from, to, force, ref } of moves) {
        const forward = force || from === null || (await isAncestor(gitDir, [from, to]));
        if (!forward) return { kind: "refused", why: `${ref} would not move forward` };
      }
      const updates = moves.map(
        ({ ref, from, to }) => `update ${ref} ${to} ${from ?? "0".repeat(40)}\n`,
      );
      const { ok, text } = await git(gitDir, ["update-ref", "--stdin"], updates.join(""));
      if (ok) return { kind: "moved" };
      if (/reference already exists|but expected/.test(text)) return { kind: "stale" };
      return { kind: "refused", why: text };
    },
    readFile: async (at, path) => {
      const place = `${at}:${path}`;
      const { ok, text: type } = await git(gitDir, ["cat-file", "-t", place]);
      if (!ok) return null;
      if (type !== "blob") return { kind: "other" };
      return { kind: "text", text: await gitText(gitDir, ["cat-file", "blob", place]) };
    },
    places: (base, head) => placesOf(gitDir, `${base}...${head}`),
  };
}

async function placesOf(gitDir: string, range: string): Promise<HomePlace[]> {
  const settings = ["-c", "core.quotePath=false", "-c", "diff.noprefix=false"];
  const diff = ["diff", "--no-color", "--no-ext-diff", "-U3", range];
  const text = await gitText(gitDir, [...settings, ...diff]);
  return parseDiff(text).flatMap(({ chunks, from = "", to = "" }) => {
    const path = to === "/dev/null" ? from : to;
    const lines = chunks.flatMap(({ changes }) => changes.flatMap(linesOf));
    return lines.map((line) => ({ path, ...line }));
  });
}

function linesOf(change: parseDiff.Change): Omit<HomePlace, "path">[] {
  if (change.type === "add") return [{ line: change.ln, side: "RIGHT" }];
  if (change.type === "del") return [{ line: change.ln, side: "LEFT" }];
  return [
    { line: change.ln1, side: "LEFT" },
    { line: change.ln2, side: "RIGHT" },
  ];
}
