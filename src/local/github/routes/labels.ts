// Labels of one issue or pull request.

import { z } from "zod";

import { type ApiContext, bodyOf, type Call, numberIn, sceneOf } from "../call.ts";
import type { GitHubCore } from "../core.ts";
import { labelJson } from "../render/issue.ts";
import { addressesOf } from "../render/repository.ts";
import { addLabels, removeLabel } from "../rules/labels.ts";
import { findIssue } from "../rules/speak.ts";
import type { Label } from "../state.ts";
import { type Api, repositoryRoutes } from "./router.ts";

const NewLabels = z.object({ labels: z.array(z.string().min(1)) });

export function labelsRoutes(api: Api, core: GitHubCore): void {
  const on = repositoryRoutes(api, core);
  const both = "issues|pull_requests";
  const json = ({ repository }: Call, labels: readonly Label[]) => {
    const { api: address } = addressesOf(core, repository);
    return labels.map((label) => labelJson(address, label));
  };
  const issueIn = ({ repository }: Call, context: ApiContext) =>
    findIssue(repository, numberIn(context, "number"));
  on("GET /issues/:number{[0-9]+}/labels", `${both}:read`, (call, context) =>
    context.json(json(call, issueIn(call, context).labels)),
  );
  on("POST /issues/:number{[0-9]+}/labels", `${both}:write`, async (call, context) => {
    const { labels } = await bodyOf(context, NewLabels);
    return context.json(json(call, await addLabels(sceneOf(call), issueIn(call, context), labels)));
  });
  on("DELETE /issues/:number{[0-9]+}/labels/:name", `${both}:write`, (call, context) => {
    const name = context.req.param("name") ?? "";
    return context.json(json(call, removeLabel(issueIn(call, context), name)));
  });
}
