// Check runs of the App.

import { z } from "zod";

import { type ApiContext, bodyOf, type Call, numberIn, page, sceneOf } from "../call.ts";
import { resolveCommit, typeOf } from "../commits.ts";
import type { GitHubCore } from "../core.ts";
import { notFound, Refusal, unprocessable } from "../errors.ts";
import { newCheck } from "../new-check.ts";
import { checkRunJson } from "../render/check.ts";
import { type CheckRun, nextId } from "../state.ts";
import { timestamp } from "../look-up.ts";
import { checkHappened } from "../webhooks/events.ts";
import { type Api, repositoryRoutes } from "./router.ts";

const longestText = 65_535;
const annotationsAtOnce = 50;
const conclusion = z.enum([
  "success",
  "failure",
  "neutral",
  "cancelled",
  "skipped",
  "timed_out",
  "action_required",
]);
const Annotation = z.object({
  path: z.string().min(1),
  start_line: z.int().positive(),
  end_line: z.int().positive(),
  annotation_level: z.enum(["notice", "warning", "failure"]),
  message: z.string().min(1).max(65_536),
  title: z.string().max(255).optional(),
});
const fields = {
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  status: z.enum(["queued", "in_progress", "completed"]).optional(),
  started_at: z.string().optional(),
  conclusion: conclusion.optional(),
  completed_at: z.string().optional(),
  output: z
    .object({
      title: z.string().max(255).optional(),
      summary: z.string().max(longestText),
      text: z.string().max(longestText).optional(),
      annotations: z.array(Annotation).max(annotationsAtOnce).optional(),
    })
    .optional(),
  actions: z
    .array(
      z.object({
        label: z.string().max(20),
        description: z.string().max(40),
        identifier: z.string().max(20),
      }),
    )
    .max(3)
    .optional(),
};
const NewCheck = z.object({ name: z.string().min(1), head_sha: z.string(), ...fields });
const CheckChange = z.object({ name: z.string().min(1).optional(), ...fields });
type CheckChange = z.infer<typeof CheckChange>;

export function checksRoutes(api: Api, core: GitHubCore): void {
  const on = repositoryRoutes(api, core);
  on("POST /check-runs", "checks:write", async (call, context) => {
    mustBeInstallation(call);
    const { name, head_sha: headSha, ...change } = await bodyOf(context, NewCheck);
    if ((await typeOf(call.repository.gitDir, headSha)) !== "commit") {
      throw unprocessable("CheckRun", `No commit found for SHA: ${headSha}`);
    }
    const check = apply(
      newCheck({ id: nextId(call.core.state), by: "app", name, headSha, status: "queued" }),
      change,
    );
    call.repository.checkRuns.set(check.id, check);
    const scene = sceneOf(call);
    checkHappened(scene, check, "created");
    if (check.status === "completed") checkHappened(scene, check, "completed");
    return context.json(checkRunJson(core, call.repository, check), 201);
  });
  on("GET /check-runs/:id{[0-9]+}", "checks:read", (call, context) =>
    context.json(checkRunJson(core, call.repository, checkIn(call, context))),
  );
  on("PATCH /check-runs/:id{[0-9]+}", "checks:write", async (call, context) => {
    mustBeInstallation(call);
    const check = checkIn(call, context);
    const before = check.status;
    apply(check, await bodyOf(context, CheckChange));
    if (before !== "completed" && check.status === "completed") {
      checkHappened(sceneOf(call), check, "completed");
    }
    return context.json(checkRunJson(core, call.repository, check));
  });
}

/** Only Apps make check runs. */
function mustBeInstallation({ actor }: Call): void {
  if (actor.kind === "installation") return;
  throw new Refusal(403, "You must authenticate via a GitHub App.");
}

function checkIn({ repository }: Call, context: ApiContext): CheckRun {
  const check = repository.checkRuns.get(numberIn(context, "id"));
  if (check === undefined) throw notFound();
  return check;
}

function apply(check: CheckRun, change: CheckChange): CheckRun {
  check.name = change.name ?? check.name;
  check.externalId = change.external_id ?? check.externalId;
  check.detailsUrl = change.details_url ?? check.detailsUrl;
  check.startedAt = change.started_at ?? check.startedAt;
  check.actions = change.actions ?? check.actions;
  applyState(check, change);
  if (change.output === undefined) return check;
  const { title, summary, text, annotations = [] } = change.output;
  check.title = title ?? check.title;
  check.summary = summary;
  check.text = text ?? check.text;
  check.annotations.push(...annotations);
  return check;
}

/** A conclusion completes; what is completed has a conclusion; going back clears it. */
function applyState(check: CheckRun, change: CheckChange): void {
  if (change.status === "completed" && change.conclusion === undefined) {
    throw unprocessable("CheckRun", "conclusion is required when status is completed");
  }
  if (change.conclusion !== undefined) {
    check.status = "completed";
    check.conclusion = change.conclusion;
    check.completedAt = change.completed_at ?? timestamp();
  } else if (change.status !== undefined) {
    check.status = change.status;
    check.conclusion = null;
    check.completedAt = null;
  }
}

/** As `GET …/commits/{ref}/check-runs` answers; `latest` keeps the newest of each name. */
export async function checksOf(
  { core, repository }: Call,
  context: ApiContext,
  ref: string,
): Promise<Response> {
  const sha = await resolveCommit(repository.gitDir, ref);
  if (sha === null) throw unprocessable("Commit", `No commit found for SHA: ${ref}`);
  const { check_name: name, status, filter = "latest" } = context.req.query();
  const wanted = [...repository.checkRuns.values()].filter(
    (check) =>
      check.headSha === sha &&
      (name === undefined || check.name === name) &&
      (status === undefined || check.status === status),
  );
  const newest = new Map(wanted.map((check) => [check.name, check]));
  const shown = (filter === "all" ? wanted : [...newest.values()]).toReversed();
  return context.json({
    total_count: shown.length,
    check_runs: page(context, shown).map((check) => checkRunJson(core, repository, check)),
  });
}
