// A small repository with everything the pages show: real commits and branches, and people talking about them.

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import type {
  CheckView,
  CommentView,
  DeliveryView,
  IssueView,
  PageSource,
  PullView,
  RepositoryView,
} from "../../../src/local/github/pages/view.ts";

export interface Village extends PageSource, AsyncDisposable {
  repository: RepositoryView;
  issueList: IssueView[];
  pullList: PullView[];
  checkList: CheckView[];
  deliveryList: DeliveryView[];
  verified: Set<string>;
  /** What people did through the pages. */
  done: unknown[];
  /** Writes files on a branch made from `from`, commits, and answers the commit. */
  commit(branch: string, change: Change): Promise<string>;
}

interface Change {
  from?: string;
  message: string;
  /** Null removes the file. */
  files: Readonly<Record<string, string | Buffer | null>>;
}

export async function openVillage(name = "wares"): Promise<Village> {
  const folder = await mkdtemp(join(tmpdir(), "fanfold-"));
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
  git("init", "--quiet", "--initial-branch", "main");
  git("config", "user.name", "Ada Lovelace");
  git("config", "user.email", "ada@example.com");
  const repository: RepositoryView = {
    owner: "octo-org",
    name,
    private: true,
    defaultBranch: "main",
    gitDir: join(folder, ".git"),
  };
  const village: Village = {
    repository,
    issueList: [],
    pullList: [],
    checkList: [],
    deliveryList: [],
    verified: new Set(),
    done: [],
    repositories: () => [repository],
    accounts: () => [
      { login: "octo-org", type: "Organization" },
      { login: "ada", type: "User" },
      { login: "fanfold[bot]", type: "Bot" },
    ],
    people: () => [
      { login: "ada", role: "admin" },
      { login: "grace", role: "write" },
      { login: "mallory", role: "read" },
    ],
    issues: () => village.issueList,
    pulls: () => village.pullList,
    checks: () => village.checkList,
    check: (_repository, id) => village.checkList.find((check) => check.id === id) ?? null,
    async press(repository, check, pressed) {
      village.done.push({ repository: repository.name, check, ...pressed });
    },
    isVerified: (_repository, sha) => village.verified.has(sha),
    deliveries: () => village.deliveryList,
    async comment(repository, number, said) {
      village.done.push({ repository: repository.name, number, ...said });
    },
    async createIssue(repository, issue) {
      village.done.push({ repository: repository.name, ...issue });
      return 41;
    },
    async redeliver(deliveryId) {
      village.done.push({ deliveryId });
    },
    async commit(branch, { from, message, files }) {
      if (from !== undefined) git("checkout", "--quiet", "-B", branch, from);
      for (const [path, text] of Object.entries(files)) {
        if (text === null) {
          git("rm", "--quiet", "--", path);
          continue;
        }
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "--message", message);
      return git("rev-parse", "HEAD");
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
  return village;
}

let lastId = 100;

export function comment(
  author: string,
  body: string,
  more: Partial<CommentView> = {},
): CommentView {
  lastId += 1;
  const at = `2026-03-01T10:${String(lastId % 60).padStart(2, "0")}:00Z`;
  return {
    id: lastId,
    author,
    body,
    createdAt: at,
    updatedAt: at,
    reactions: {},
    minimized: false,
    ...more,
  };
}

export function issue(number: number, more: Partial<IssueView> = {}): IssueView {
  return {
    number,
    title: "Strings from users reach the page as they are",
    body: "Found while reading `src`.",
    author: "grace",
    createdAt: "2026-03-01T09:58:00Z",
    state: "open",
    comments: [],
    ...more,
  };
}

export function pull(
  number: number,
  more: Pick<PullView, "head" | "base"> & Partial<PullView>,
): PullView {
  const { state: _state, ...base } = issue(number, { author: "fanfold[bot]" });
  return { ...base, state: "open", reviews: [], threads: [], endedAt: null, ...more };
}
