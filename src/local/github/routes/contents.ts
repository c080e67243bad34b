// Commits, comparisons, branches and files of a repository.

import { type ApiContext, type Call, page } from "../call.ts";
import { changesBetween, diffText } from "../changes.ts";
import { type Commit, commitsIn, distance, findCommit, mergeBase } from "../commits.ts";
import type { GitHubCore } from "../core.ts";
import { notFound, Refusal } from "../errors.ts";
import { gitBytes } from "../git.ts";
import { readRefs } from "../refs.ts";
import { commitJson, fileJson, statsOf } from "../render/commit.ts";
import { addressesOf } from "../render/repository.ts";
import { readTree, type TreeEntry } from "../trees.ts";
import { statusesOf } from "./ci.ts";
import { checksOf } from "./checks.ts";
import { type Api, repositoryRoutes } from "./router.ts";

export function contentsRoutes(api: Api, core: GitHubCore): void {
  const on = repositoryRoutes(api, core);
  on("GET /commits", "contents:read", async ({ repository }, context) => {
    const { sha = repository.defaultBranch } = context.req.query();
    const commit = await findCommit(repository.gitDir, sha);
    if (commit === null) throw await missing({ repository }, sha);
    const commits = await commitsIn(repository.gitDir, [commit.sha], 1_000);
    return context.json(page(context, commits).map((one) => commitJson(core, repository, one)));
  });
  on("GET /commits/:ref{.+}", "contents|checks|statuses:read", (call, context) => {
    const ref = context.req.param("ref") ?? "";
    const checks = "/check-runs";
    const status = "/status";
    if (ref.endsWith(status)) return statusesOf(call, context, ref.slice(0, -status.length));
    return ref.endsWith(checks)
      ? checksOf(call, context, ref.slice(0, -checks.length))
      : oneCommit(call, context, ref);
  });
  on("GET /compare/:basehead{.+}", "contents:read", compare);
  on("GET /branches", "contents:read", async ({ repository }, context) => {
    const { api } = addressesOf(core, repository);
    const branches = [...(await readRefs(repository.gitDir))].flatMap(([ref, sha]) =>
      ref.startsWith("refs/heads/") ? [{ name: ref.slice("refs/heads/".length), sha }] : [],
    );
    return context.json(
      page(context, branches).map(({ name, sha }) => ({
        name,
        commit: { sha, url: `${api}/commits/${sha}` },
        protected: false,
      })),
    );
  });
  on("GET /branches/:branch{.+}", "contents:read", oneBranch);
  on("GET /contents", "contents:read", (call, context) => contents(call, context, ""));
  on("GET /contents/:path{.+}", "contents:read", (call, context) =>
    contents(call, context, (context.req.param("path") ?? "").replace(/\/+$/, "")),
  );
}

/** What GitHub says of a commit that is not there: an empty repository is a case of its own. */
async function missing({ repository }: Pick<Call, "repository">, ref: string): Promise<Refusal> {
  const refs = await readRefs(repository.gitDir);
  if (refs.size === 0) return new Refusal(409, "Git Repository is empty.");
  return new Refusal(422, `No commit found for SHA: ${ref}`);
}

async function oneCommit(call: Call, context: ApiContext, ref: string): Promise<Response> {
  const { core, repository } = call;
  const commit = await findCommit(repository.gitDir, ref);
  if (commit === null) throw await missing(call, ref);
  const { sha } = commit;
  const accept = context.req.header("accept") ?? "";
  if (/\.sha\b/.test(accept)) return context.text(sha);
  const from = commit.parents[0] ?? null;
  if (/\.diff\b/.test(accept)) return context.text(await diffText(repository.gitDir, from, sha));
  const files = await changesBetween(repository.gitDir, from, sha);
  return context.json({
    ...commitJson(core, repository, commit),
    stats: statsOf(files),
    files: files.map((file) => fileJson(core, repository, { sha, file })),
  });
}

async function compare(call: Call, context: ApiContext): Promise<Response> {
  const { core, repository } = call;
  const { gitDir } = repository;
  const [before = "", after = ""] = (context.req.param("basehead") ?? "").split("...");
  const base = await findCommit(gitDir, before);
  const head = await findCommit(gitDir, after);
  if (base === null || head === null) throw notFound();
  const between = await mergeBase(gitDir, base.sha, head.sha);
  const fork = between === null ? null : await findCommit(gitDir, between);
  if (fork === null) {
    throw new Refusal(404, `No common ancestor between ${before} and ${after}.`);
  }
  if (/\.diff\b/.test(context.req.header("accept") ?? "")) {
    return context.text(await diffText(gitDir, fork.sha, head.sha));
  }
  return context.json(
    await comparison(core, call, { base, head, fork, name: `${before}...${after}` }),
  );
}

interface Compared {
  base: Commit;
  head: Commit;
  fork: Commit;
  name: string;
}

async function comparison(
  core: GitHubCore,
  { repository }: Call,
  { base, head, fork, name }: Compared,
) {
  const { gitDir } = repository;
  const { api, html } = addressesOf(core, repository);
  const { ahead, behind } = await distance(gitDir, base.sha, head.sha);
  const commits = await commitsIn(gitDir, [`${base.sha}..${head.sha}`]);
  const files = await changesBetween(gitDir, fork.sha, head.sha);
  const page = `${html}/compare/${name}`;
  return {
    url: `${api}/compare/${name}`,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: commitJson(core, repository, base),
    merge_base_commit: commitJson(core, repository, fork),
    status: statusOf(ahead, behind),
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: commits.toReversed().map((one) => commitJson(core, repository, one)),
    files: files.slice(0, 300).map((file) => fileJson(core, repository, { sha: head.sha, file })),
  };
}

function statusOf(ahead: number, behind: number) {
  if (ahead > 0) return behind > 0 ? ("diverged" as const) : ("ahead" as const);
  return behind > 0 ? ("behind" as const) : ("identical" as const);
}

async function oneBranch({ core, repository }: Call, context: ApiContext): Promise<Response> {
  const name = context.req.param("branch") ?? "";
  const sha = (await readRefs(repository.gitDir)).get(`refs/heads/${name}`);
  const commit = sha === undefined ? null : await findCommit(repository.gitDir, sha);
  if (commit === null) throw new Refusal(404, "Branch not found");
  const { api, html } = addressesOf(core, repository);
  const self = `${api}/branches/${name}`;
  return context.json({
    name,
    commit: commitJson(core, repository, commit),
    _links: { self, html: `${html}/tree/${name}` },
    protected: false,
    protection: {
      enabled: false,
      required_status_checks: { enforcement_level: "off", contexts: [], checks: [] },
    },
    protection_url: `${self}/protection`,
  });
}

async function contents(call: Call, context: ApiContext, path: string): Promise<Response> {
  const { gitDir, defaultBranch } = call.repository;
  const ref = context.req.query("ref") ?? defaultBranch;
  const commit = await findCommit(gitDir, ref);
  if (commit === null) throw new Refusal(404, `No commit found for the ref ${ref}`);
  const parent = path.split("/").slice(0, -1).join("/");
  const around = await readTree(gitDir, `${commit.sha}:${parent}`, { recursive: false });
  const name = path.split("/").at(-1) ?? "";
  const entry = around?.entries.find((one) => one.path === name);
  if (path !== "" && entry === undefined) throw notFound();
  if (entry?.type === "blob") return file(call, context, { entry, path, ref });
  const folder = await readTree(gitDir, `${commit.sha}:${path}`, { recursive: false });
  if (folder === null) throw notFound();
  return context.json(
    folder.entries.map((one) => {
      const full = path === "" ? one.path : `${path}/${one.path}`;
      return entryJson(call, { entry: one, path: full, ref });
    }),
  );
}

interface Placed {
  entry: TreeEntry;
  path: string;
  ref: string;
}

const largestInlineBytes = 1_000_000;
const largestBytes = 100_000_000;

async function file(call: Call, context: ApiContext, place: Placed): Promise<Response> {
  const { sha, bytes } = place.entry;
  if ((bytes ?? 0) > largestBytes) throw new Refusal(403, "This file is too large to be shown.");
  const content = await gitBytes(call.repository.gitDir, ["cat-file", "blob", sha]);
  if (/\.raw\b/.test(context.req.header("accept") ?? "")) return context.text(content.toString());
  const large = content.length > largestInlineBytes;
  return context.json({
    ...entryJson(call, place),
    type: "file",
    content: large ? "" : content.toString("base64").replaceAll(/(.{60})/g, "$1\n"),
    encoding: large ? "none" : "base64",
  });
}

function entryJson({ core, repository }: Call, { entry, path, ref }: Placed) {
  const { api, html } = addressesOf(core, repository);
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  const kind = entry.type === "tree" ? "tree" : "blob";
  const self = `${api}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const git = `${api}/git/${kind}s/${entry.sha}`;
  const page = `${html}/${kind}/${ref}/${encoded}`;
  return {
    name: path.split("/").at(-1) ?? path,
    path,
    sha: entry.sha,
    size: entry.bytes ?? 0,
    url: self,
    html_url: page,
    git_url: git,
    download_url: entry.type === "blob" ? `${html}/raw/${ref}/${encoded}` : null,
    type: typeOfEntry(entry),
    _links: { self, git, html: page },
  };
}

function typeOfEntry({ type, mode }: TreeEntry) {
  if (type === "tree") return "dir" as const;
  if (type === "commit") return "submodule" as const;
  return mode === "120000" ? ("symlink" as const) : ("file" as const);
}
