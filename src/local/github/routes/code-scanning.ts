// Code scanning: takes findings in SARIF, packed as GitHub wants them.

import { randomUUID } from "node:crypto";
import { gunzipSync } from "node:zlib";

import { z } from "zod";

import { bodyOf } from "../call.ts";
import { resolveCommit } from "../commits.ts";
import type { GitHubCore } from "../core.ts";
import { notFound, Refusal } from "../errors.ts";
import { addressesOf } from "../render/repository.ts";
import { type Api, repositoryRoutes } from "./router.ts";

const Upload = z.object({
  commit_sha: z.string().regex(/^[0-9a-f]{40}$/),
  ref: z.string().regex(/^refs\/(heads|tags|pull)\/.*$/),
  sarif: z.string(),
});

export function codeScanningRoutes(api: Api, core: GitHubCore): void {
  const on = repositoryRoutes(api, core);
  on("POST /code-scanning/sarifs", "security_events:write", async ({ repository }, context) => {
    const { commit_sha: commit, ref, sarif } = await bodyOf(context, Upload);
    if ((await resolveCommit(repository.gitDir, commit)) === null) throw notFound();
    const id = randomUUID();
    repository.scans.push({ id, commit, ref, sarif: unpacked(sarif) });
    const url = `${addressesOf(core, repository).api}/code-scanning/sarifs/${id}`;
    return context.json({ id, url }, 202);
  });
}

function unpacked(sarif: string): unknown {
  try {
    return JSON.parse(gunzipSync(Buffer.from(sarif, "base64")).toString("utf8"));
  } catch {
    throw new Refusal(400, "The SARIF is not gzip-compressed, Base64-encoded JSON.");
  }
}
