// Findings for code scanning: one upload a commit, in the form that GitHub wants it.

import { gzipSync } from "node:zlib";

import type { Forge } from "../../world/forge.ts";
import { asking, at, type ForgeContext } from "./context.ts";

export function codeScanPart(context: ForgeContext): Pick<Forge, "uploadCodeScan"> {
  const { codeScanning } = context.client.rest;
  return {
    uploadCodeScan: ({ commit, ref, sarif }) =>
      asking("take findings for code scanning", async () => {
        await codeScanning.uploadSarif({
          ...at(context),
          commit_sha: commit,
          ref,
          sarif: gzipSync(sarif).toString("base64"),
        });
      }),
  };
}
