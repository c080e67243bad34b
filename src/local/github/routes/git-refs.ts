// Refs through the API, in any namespace under `refs/`.

import { z } from "zod";

import { type ApiContext, bodyOf, type Call } from "../call.ts";
import { typeOf } from "../commits.ts";
import type { GitHubCore } from "../core.ts";
import { notFound, Refusal } from "../errors.ts";
import { isRefName, readRefs, zeros } from "../refs.ts";
import { refJson } from "../render/commit.ts";
import { changeRefs } from "../rules/change-refs.ts";
import { noContent, type RepositoryRoute } from "./router.ts";

const NewRef = z.object({ ref: z.string(), sha: z.string() });
const RefMove = z.object({ sha: z.string(), force: z.boolean().default(false) });

export function refRoutes(on: RepositoryRoute, core: GitHubCore): void {
  const json = async ({ repository }: Call, ref: string, sha: string) => {
    const type = (await typeOf(repository.gitDir, sha)) ?? "commit";
    return refJson(core, repository, { ref, sha, type });
  };
  on("GET /git/ref/:ref{.+}", "contents:read", async (call, context) => {
    const refs = await refsOf(call);
    const ref = refIn(context);
    const sha = refs.get(ref);
    if (sha === undefined) throw notFound();
    return context.json(await json(call, ref, sha));
  });
  on("GET /git/matching-refs/:ref{.+}", "contents:read", async (call, context) => {
    const refs = await readRefs(call.repository.gitDir);
    const wanted = refIn(context);
    const found = [...refs].filter(([ref]) => ref.startsWith(wanted));
    return context.json(await Promise.all(found.map(([ref, sha]) => json(call, ref, sha))));
  });
  on("POST /git/refs", "contents:write+push", async (call, context) => {
    await refsOf(call);
    const { ref, sha } = await bodyOf(context, NewRef);
    await mustBeRef(call, ref);
    await mustExist(call, sha);
    const moved = await changeRefs(call, [{ ref, before: zeros, after: sha, force: true }]);
    if (!moved.moved) throw new Refusal(422, "Reference already exists");
    return context.json(await json(call, ref, sha), 201);
  });
  on("PATCH /git/refs/:ref{.+}", "contents:write+push", async (call, context) => {
    const { sha, force } = await bodyOf(context, RefMove);
    const ref = await existing(call, context);
    await mustExist(call, sha);
    const moved = await changeRefs(call, [{ ref, before: null, after: sha, force }]);
    if (!moved.moved) {
      const reason =
        moved.why === "lost" ? "Reference cannot be updated" : "Update is not a fast forward";
      throw new Refusal(422, reason);
    }
    return context.json(await json(call, ref, sha));
  });
  on("DELETE /git/refs/:ref{.+}", "contents:write+push", async (call, context) => {
    const ref = await existing(call, context);
    if (ref === `refs/heads/${call.repository.defaultBranch}`) {
      throw new Refusal(422, "Cannot delete the default branch");
    }
    await changeRefs(call, [{ ref, before: null, after: zeros, force: true }]);
    return noContent(context);
  });
}

const refIn = (context: ApiContext): string => `refs/${context.req.param("ref") ?? ""}`;

/** A repository without any ref answers 409. */
async function refsOf({ repository }: Call): Promise<Map<string, string>> {
  const refs = await readRefs(repository.gitDir);
  if (refs.size === 0) throw new Refusal(409, "Git Repository is empty.");
  return refs;
}

async function existing(call: Call, context: ApiContext): Promise<string> {
  const ref = refIn(context);
  if (!(await refsOf(call)).has(ref)) throw new Refusal(422, "Reference does not exist");
  return ref;
}

async function mustBeRef({ repository }: Call, ref: string): Promise<void> {
  if (ref.startsWith("refs/pull/")) throw new Refusal(422, "Reference cannot be updated");
  const valid = /^refs\/[^/]+\/.+/.test(ref) && (await isRefName(repository.gitDir, ref));
  if (!valid) throw new Refusal(422, "Reference name is invalid");
}

async function mustExist({ repository }: Call, sha: string): Promise<void> {
  if ((await typeOf(repository.gitDir, sha)) === null) {
    throw new Refusal(422, "Object does not exist");
  }
}
