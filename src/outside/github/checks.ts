// Check runs: one for each key and head, made once and updated after.

import { z } from "zod";

import type { CheckRun, Forge, Standing } from "../../world/forge.ts";
import { asking, at, firstInPages, type ForgeContext, reading } from "./context.ts";

const CheckAnswer = z.object({
  id: z.number(),
  name: z.string().optional(),
  html_url: z.string().nullish(),
  external_id: z.string().nullish(),
  app: z.object({ id: z.number() }).nullish(),
});

const SignedAnswer = z.object({ verification: z.object({ verified: z.boolean() }) });

export function checksPart(context: ForgeContext): Pick<Forge, "putCheckRun" | "standingOf"> {
  return {
    standingOf: (sha) =>
      reading("show what stands beside a commit", () => standingOf(context, sha)),
    putCheckRun: (check) =>
      asking(`show the check "${check.name}"`, () => putCheckRun(context, check)),
  };
}

async function putCheckRun(
  context: ForgeContext,
  check: CheckRun,
): Promise<{ id: number; url: string }> {
  const { checks } = context.client.rest;
  const fields = toFields(check);
  const known = await findCheckRun(context, check);
  const { data } =
    known === null
      ? await checks.create({ ...at(context), head_sha: check.headSha, ...fields })
      : await checks.update({ ...at(context), check_run_id: known, ...fields });
  const answer = CheckAnswer.parse(data);
  return { id: answer.id, url: answer.html_url ?? "" };
}

function toFields({ name, externalId, title, summary, conclusion, detailsUrl }: CheckRun) {
  return {
    name,
    external_id: externalId,
    output: { title, summary },
    ...(conclusion === null
      ? { status: "in_progress" as const }
      : { status: "completed" as const, conclusion }),
    ...(detailsUrl === undefined ? {} : { details_url: detailsUrl }),
  };
}

async function findCheckRun(context: ForgeContext, check: CheckRun): Promise<number | null> {
  const { paginate, rest } = context.client;
  const { id } = await context.identity();
  const pages = paginate.iterator(rest.checks.listForRef, {
    ...at(context),
    ref: check.headSha,
    check_name: check.name,
    // `latest` would hide our older run behind somebody's newer one of the same name.
    filter: "all",
    per_page: 100,
  });
  return firstInPages(pages, (item) => {
    const answer = CheckAnswer.parse(item);
    const ours = (answer.app?.id ?? id) === id;
    return ours && answer.external_id === check.externalId ? answer.id : null;
  });
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
