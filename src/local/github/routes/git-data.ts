// Git objects through the API.

import { z } from "zod";

import { holds } from "../actor.ts";
import { bodyOf, type Call, sceneOf } from "../call.ts";
import { type Commit, type Person, typeOf, writeCommit } from "../commits.ts";
import { findCommit } from "../commits.ts";
import type { GitHubCore } from "../core.ts";
import { notFound, Refusal } from "../errors.ts";
import { gitBytes } from "../git.ts";
import { nodeId } from "../ids.ts";
import { addressOf, gitCommitJson } from "../render/commit.ts";
import { addressesOf } from "../render/repository.ts";
import { timestamp } from "../look-up.ts";
import { readTree, writeBlob, writeTree } from "../trees.ts";
import { refRoutes } from "./git-refs.ts";
import { type Api, repositoryRoutes, type RepositoryRoute } from "./router.ts";

export function gitDataRoutes(api: Api, core: GitHubCore): void {
  const on = repositoryRoutes(api, core);
  commitRoutes(on, core);
  treeRoutes(on, core);
  refRoutes(on, core);
}

const person = z.object({ name: z.string(), email: z.string(), date: z.string().optional() });
const NewCommit = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).optional(),
  author: person.optional(),
  committer: person.partial().optional(),
  signature: z.string().optional(),
});
type NewCommit = z.infer<typeof NewCommit>;

function commitRoutes(on: RepositoryRoute, core: GitHubCore): void {
  on("GET /git/commits/:sha", "contents:read", async ({ repository }, context) => {
    const sha = context.req.param("sha") ?? "";
    if ((await typeOf(repository.gitDir, sha)) !== "commit") throw notFound();
    const commit = await findCommit(repository.gitDir, sha);
    if (commit === null) throw notFound();
    return context.json(gitCommitJson(core, repository, commit));
  });
  on("POST /git/commits", "contents:write+push", async (call, context) => {
    const wanted = await bodyOf(context, NewCommit);
    const { repository } = call;
    await mustBe(call, "tree", [wanted.tree]);
    await mustBe(call, "commit", wanted.parents ?? []);
    const parts = commitOf(call, wanted);
    const sha = await writeCommit(repository.gitDir, parts);
    if (isSigned(call, wanted)) repository.verified.set(sha, { at: timestamp() });
    return context.json(gitCommitJson(core, repository, { sha, ...parts }), 201);
  });
}

/** GitHub signs what an App makes in its own name, and nothing else. */
const isSigned = ({ actor }: Call, { author, committer, signature }: NewCommit): boolean =>
  actor.kind === "installation" &&
  author === undefined &&
  committer === undefined &&
  signature === undefined;

function commitOf(call: Call, wanted: NewCommit): Omit<Commit, "sha"> {
  const { sender } = sceneOf(call);
  const now = timestamp();
  const self: Person = { name: sender.login, email: addressOf(sender), date: now };
  const author = { ...self, ...wanted.author, date: wanted.author?.date ?? now };
  const hub: Person = { name: "GitHub", email: "noreply@github.com", date: now };
  const { committer } = wanted;
  return {
    tree: wanted.tree,
    parents: wanted.parents ?? [],
    author,
    committer: isSigned(call, wanted)
      ? hub
      : {
          name: committer?.name ?? author.name,
          email: committer?.email ?? author.email,
          date: committer?.date ?? author.date,
        },
    message: wanted.message,
  };
}

async function mustBe(
  { repository }: Call,
  type: "tree" | "commit",
  shas: readonly string[],
): Promise<void> {
  for (const sha of shas) {
    if ((await typeOf(repository.gitDir, sha)) === type) continue;
    const what = type === "tree" ? "Tree SHA" : "Parent SHA";
    throw new Refusal(422, `${what} does not exist or is not a ${type} object`);
  }
}

const NewTree = z.object({
  base_tree: z.string().optional(),
  tree: z
    .array(
      z.object({
        path: z.string().min(1),
        mode: z.enum(["100644", "100755", "040000", "160000", "120000"]),
        type: z.enum(["blob", "tree", "commit"]).optional(),
        sha: z.string().nullish(),
        content: z.string().optional(),
      }),
    )
    .min(1),
});
const NewBlob = z.object({
  content: z.string(),
  encoding: z.enum(["utf-8", "base64"]).default("utf-8"),
});

function treeRoutes(on: RepositoryRoute, core: GitHubCore): void {
  on("GET /git/trees/:sha{.+}", "contents:read", async ({ repository }, context) => {
    const recursive = context.req.query("recursive") !== undefined;
    const tree = await readTree(repository.gitDir, context.req.param("sha") ?? "", { recursive });
    if (tree === null) throw notFound();
    return context.json(treeJson(core, { repository, tree }));
  });
  on("POST /git/trees", "contents:write+push", async (call, context) => {
    const { base_tree: base, tree: entries } = await bodyOf(context, NewTree);
    const { repository, actor } = call;
    const workflow = entries.find(({ path }) => path.startsWith(".github/workflows/"));
    if (workflow && actor.kind === "installation" && !holds(actor.grant, "workflows", "write")) {
      throw new Refusal(403, "Resource not accessible by integration");
    }
    const sha = await writeTree(repository.gitDir, { base: base ?? null, entries });
    const tree = await readTree(repository.gitDir, sha, { recursive: false });
    if (tree === null) throw notFound();
    return context.json(treeJson(core, { repository, tree }), 201);
  });
  on("POST /git/blobs", "contents:write+push", async ({ repository }, context) => {
    const { content, encoding } = await bodyOf(context, NewBlob);
    const bytes = Buffer.from(content, encoding === "base64" ? "base64" : "utf8");
    const sha = await writeBlob(repository.gitDir, bytes);
    const { api } = addressesOf(core, repository);
    return context.json({ sha, url: `${api}/git/blobs/${sha}` }, 201);
  });
  on("GET /git/blobs/:sha", "contents:read", async ({ repository }, context) => {
    const sha = context.req.param("sha") ?? "";
    if ((await typeOf(repository.gitDir, sha)) !== "blob") throw notFound();
    const bytes = await gitBytes(repository.gitDir, ["cat-file", "blob", sha]);
    const { api } = addressesOf(core, repository);
    return context.json({
      sha,
      node_id: nodeId("Blob", sha),
      size: bytes.length,
      url: `${api}/git/blobs/${sha}`,
      content: bytes.toString("base64"),
      encoding: "base64",
    });
  });
}

type Tree = NonNullable<Awaited<ReturnType<typeof readTree>>>;

function treeJson(
  core: GitHubCore,
  { repository, tree }: Pick<Call, "repository"> & { tree: Tree },
) {
  const { api } = addressesOf(core, repository);
  return {
    sha: tree.sha,
    url: `${api}/git/trees/${tree.sha}`,
    tree: tree.entries.map(({ mode, type, sha, bytes, path }) => ({
      path,
      mode,
      type,
      sha,
      ...(bytes === null ? {} : { size: bytes }),
      ...(type === "commit" ? {} : { url: `${api}/git/${type}s/${sha}` }),
    })),
    truncated: false,
  };
}
