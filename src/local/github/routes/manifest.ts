// The last step of a manifest: a code is exchanged for the App's secrets, once.

import { createPrivateKey, randomBytes } from "node:crypto";

import { takeCode } from "../app.ts";
import type { GitHubCore } from "../core.ts";
import { notFound } from "../errors.ts";
import { appJson } from "../render/account.ts";
import type { Api } from "./router.ts";

export function manifestRoutes(api: Api, core: GitHubCore): void {
  api.post("/app-manifests/:code/conversions", (context) => {
    if (!takeCode(core.state, context.req.param("code"))) throw notFound();
    const { privateKey, webhookSecret } = core.app;
    // The kind of PEM that GitHub gives.
    const pem = createPrivateKey(privateKey).export({ type: "pkcs1", format: "pem" }).toString();
    return context.json(
      {
        ...appJson(core),
        client_id: `Iv23${randomBytes(8).toString("hex")}`,
        client_secret: randomBytes(20).toString("hex"),
        webhook_secret: webhookSecret,
        pem,
      },
      201,
    );
  });
}
