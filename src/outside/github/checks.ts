// Check runs: one for each key and head, made once and updated after.

import { z } from "zod";

import type { Forge, Standing } from "../../world/forge.ts";
import type { Annotation, CheckRun, OurCheck } from "../../world/checks.ts";
import { asking, at, firstInPages, type ForgeContext, reading } from "./context.ts";
import { listingPages } from "./limits.ts";

/** GitHub takes so many annotations in one request; further ones are added by updates. */
const ANNOTATIONS_AT_ONCE = 50;

const CheckAnswer = z.object({
  id: z.number(),
  name: z.string().optional(),
  html_url: z.string().nullish(),
  external_id: z.string().nullish(),
  completed_at: z.string().nullish(),
  app: z.object({ id: z.number() }).nullish(),
  output: z.object({ annotations_count: z.number() }).partial().nullish(),
});
type CheckAnswer = z.infer<typeof CheckAnswer>;

const SignedAnswer = z.object({ verification: z.object({ verified: z.boolean() }) });

type ChecksPart = Pick<Forge, "putCheckRun" | "ourChecks" | "standingOf">;

export function checksPart(context: ForgeContext): ChecksPart {
  return {
    standingOf: (sha) =>
      reading("show what stands beside a commit", () => standingOf(context, sha)),
    ourChecks: (sha) => reading("show the checks of a commit", () => ourChecks(context, sha)),
    putCheckRun: (check) =>
      asking(`show the check "${check.name}"`, () => putCheckRun(context, check)),
  };
}

async function putCheckRun(
  context: ForgeContext,
  check: CheckRun,
): Promise<{ id: number; url: string }> {
  const known = await findCheckRun(context, check);
  const missing = (check.annotations ?? []).slice(known?.output?.annotations_count ?? 0);
  const first = missing.slice(0, ANNOTATIONS_AT_ONCE);
  const answer = await send(context, { check, id: known?.id ?? null }, first);
  for (let from = first.length; from < missing.length; from += ANNOTATIONS_AT_ONCE) {
    const more = missing.slice(from, from + ANNOTATIONS_AT_ONCE);
    await send(context, { check, id: answer.id }, more);
  }
  return { id: answer.id, url: answer.html_url ?? "" };
}

async function send(
  context: ForgeContext,
  { check, id }: { check: CheckRun; id: number | null },
  annotations: readonly Annotation[],
): Promise<CheckAnswer> {
  const { checks } = context.client.rest;
  const fields = toFields(check, annotations);
  const { data } =
    id === null
      ? await checks.create({ ...at(context), head_sha: check.headSha, ...fields })
      : await checks.update({ ...at(context), check_run_id: id, ...fields });
  return CheckAnswer.parse(data);
}

function toFields(check: CheckRun, annotations: readonly Annotation[]) {
  const { name, externalId, title, summary, conclusion, detailsUrl, actions } = check;
  const notes = annotations.map(toAnnotation);
  return {
    name,
    external_id: externalId,
    output: { title, summary, ...(notes.length === 0 ? {} : { annotations: notes }) },
    ...(conclusion === null
      ? { status: "in_progress" as const }
      : { status: "completed" as const, conclusion }),
    ...(detailsUrl === undefined ? {} : { details_url: detailsUrl }),
    ...(actions === undefined ? {} : { actions: [...actions] }),
  };
}

const toAnnotation = ({ path, line, level, title, message }: Annotation) => ({
  path,
  start_line: line,
  end_line: line,
  annotation_level: level,
  title,
  message,
});

async function findCheckRun(context: ForgeContext, check: CheckRun): Promise<CheckAnswer | null> {
  const { id } = await context.identity();
  const pages = pagesOf(context, check.headSha, check.name);
  return firstInPages(pages, (item) => {
    const answer = CheckAnswer.parse(item);
    const ours = (answer.app?.id ?? id) === id;
    return ours && answer.external_id === check.externalId ? answer : null;
  });
}

function pagesOf({ client, ...context }: ForgeContext, ref: string, name?: string) {
  return client.paginate.iterator(client.rest.checks.listForRef, {
    ...at({ client, ...context }),
    ref,
    ...(name === undefined ? {} : { check_name: name }),
    // `latest` would hide our older run behind somebody's newer one of the same name.
    filter: "all",
    per_page: 100,
  });
}

async function ourChecks(context: ForgeContext, sha: string): Promise<OurCheck[]> {
  const { id } = await context.identity();
  const found: OurCheck[] = [];
  let read = 0;
  for await (const { data } of pagesOf(context, sha)) {
    for (const item of data) {
      const answer = CheckAnswer.parse(item);
      if (answer.app?.id !== id) continue;
      const { external_id: externalId, completed_at: completedAt } = answer;
      found.push({ id: answer.id, externalId: externalId ?? "", completedAt: completedAt ?? null });
    }
    read += 1;
    if (read >= listingPages) break;
  }
  return found;
}

/** The first page is enough to know that there is something. */
async function standingOf(context: ForgeContext, sha: string): Promise<Standing> {
  const { git, checks } = context.client.rest;
  const commit = await git.getCommit({ ...at(context), commit_sha: sha });
  const { data } = await checks.listForRef({ ...at(context), ref: sha, per_page: 100 });
  const { id } = await context.identity();
  const others = z
    .array(CheckAnswer)
    .parse(data.check_runs)
    .filter(({ app }) => app?.id !== id);
  return {
    verified: SignedAnswer.parse(commit.data).verification.verified,
    checks: others.map(({ name }) => name ?? ""),
  };
}
