// What other Apps and services say of a commit: check runs, statuses, and the end of what a failed one wrote.

import { z } from "zod";

import type { Forge } from "../../world/forge.ts";
import type { OtherCheck } from "../../world/checks.ts";
import { ForgeError } from "../../world/forge-error.ts";
import { asking, at, type ForgeContext, reading } from "./context.ts";
import { refusalOf } from "./errors.ts";
import { endOfLog } from "./job-log.ts";
import { listingPages } from "./limits.ts";

const RunAnswer = z.object({
  id: z.number(),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  html_url: z.string().nullish(),
  app: z.object({ id: z.number(), slug: z.string().nullish() }).nullish(),
});
type RunAnswer = z.infer<typeof RunAnswer>;

const StatusAnswer = z.object({
  context: z.string(),
  state: z.string(),
  target_url: z.string().nullish(),
});

const OutputAnswer = z.object({
  output: z.object({
    title: z.string().nullish(),
    summary: z.string().nullish(),
    text: z.string().nullish(),
  }),
});

const NoteAnswer = z.object({
  path: z.string(),
  start_line: z.number(),
  annotation_level: z.string().nullish(),
  title: z.string().nullish(),
  message: z.string().nullish(),
});

/** GitHub Actions by the name of its App: the id of its check run is the id of the job. */
const ACTIONS = "github-actions";

export function otherChecksPart(context: ForgeContext): Pick<Forge, "otherChecks" | "endOfCheck"> {
  return {
    otherChecks: (sha) => reading("show the checks of others", () => otherChecks(context, sha)),
    endOfCheck: (check) => reading(`read what "${check.name}" wrote`, () => endOf(context, check)),
  };
}

async function otherChecks(context: ForgeContext, sha: string): Promise<OtherCheck[]> {
  const { id } = await context.identity();
  const { checks } = context.client.rest;
  const asked = { ...at(context), ref: sha, per_page: 100 };
  const found: OtherCheck[] = [];
  let read = 0;
  for await (const { data } of context.client.paginate.iterator(checks.listForRef, asked)) {
    const runs = z.array(RunAnswer).parse(data);
    found.push(...runs.filter(({ app }) => app?.id !== id).map(fromRun));
    read += 1;
    if (read >= listingPages) break;
  }
  return [...found, ...(await statuses(context, sha))];
}

function fromRun({ id, name, status, conclusion, html_url: url, app }: RunAnswer): OtherCheck {
  const said = status === "completed" ? (conclusion ?? "completed") : status;
  const state = status === "completed" ? stateOf(said) : "pending";
  return { kind: "run", id, name, state, said, url: url ?? null, hasLog: app?.slug === ACTIONS };
}

/** Whatever GitHub adds to its words is no success. */
function stateOf(conclusion: string): OtherCheck["state"] {
  if (conclusion === "success") return "passed";
  return conclusion === "skipped" || conclusion === "neutral" ? "skipped" : "failed";
}

/** An installation that does not show statuses has none for us. */
async function statuses(context: ForgeContext, sha: string): Promise<OtherCheck[]> {
  const { repos } = context.client.rest;
  try {
    const { data } = await repos.getCombinedStatusForRef({
      ...at(context),
      ref: sha,
      per_page: 100,
    });
    return z
      .array(StatusAnswer)
      .parse(data.statuses)
      .map(({ context: name, state, target_url }) => ({
        kind: "status",
        id: 0,
        name,
        state: state === "success" ? "passed" : state === "pending" ? "pending" : "failed",
        said: state,
        url: target_url ?? null,
        hasLog: false,
      }));
  } catch (error) {
    if (refusalOf(error)?.status === 403) return [];
    throw error;
  }
}

async function endOf(context: ForgeContext, check: OtherCheck): Promise<string | null> {
  if (check.kind === "status") return null;
  const log = check.hasLog ? await orNothing(() => endOfLog(context, check.id)) : null;
  return log ?? (await orNothing(() => wordsOf(context, check.id)));
}

async function wordsOf(context: ForgeContext, id: number): Promise<string | null> {
  const { checks } = context.client.rest;
  const asked = { ...at(context), check_run_id: id };
  const { output } = OutputAnswer.parse((await checks.get(asked)).data);
  const { data } = await checks.listAnnotations({ ...asked, per_page: 100 });
  const notes = z
    .array(NoteAnswer)
    .parse(data)
    .map(
      ({ path, start_line: line, annotation_level: level, title, message }) =>
        `${path}:${line}: ${[level, title, message].filter(Boolean).join(": ")}`,
    );
  const words = [output.title, output.summary, output.text, ...notes];
  const text = words.filter((each) => each != null && each !== "").join("\n");
  return text === "" ? null : text;
}

/** A log that may not be read, or is gone, is no trouble: there is less to tell then. */
async function orNothing(read: () => Promise<string | null>): Promise<string | null> {
  try {
    return await asking("read a log", read);
  } catch (error) {
    const isSmall =
      error instanceof ForgeError && ["forbidden", "not-found", "refused"].includes(error.kind);
    if (isSmall) return null;
    throw error;
  }
}
