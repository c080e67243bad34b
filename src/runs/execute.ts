// The middle of a run: the script in its sandbox over the steps, to its return, to the run's cap, or until its time is over.

import { z } from "zod";

import { limits } from "../config/limits.ts";
import { startDeadline } from "../agent/deadline.ts";
import { Stopped, Suspended } from "../engine/errors.ts";
import { runScript } from "../engine/run.ts";
import { childFinder } from "../script/child.ts";
import { scriptFunctions } from "../script/language.ts";
import { openAgentTypes } from "../steps/agent-types/agent-types.ts";
import { foldChanges } from "../steps/combine.ts";
import type { RunContext } from "../steps/context.ts";
import { openConventions } from "../steps/conventions.ts";
import { NOTHING_EARLIER } from "../steps/earlier.ts";
import { openInstructions } from "../steps/instructions.ts";
import { isDelivered, verdictOf } from "../steps/ledger.ts";
import { openNotes } from "../steps/notes.ts";
import { stepTable } from "../steps/table.ts";
import { agentLimits, chooserOf, poolOf, TimeSpent } from "./agents.ts";
import type { House } from "./house.ts";
import { afterStop, Paused } from "./hold.ts";
import type { LiveRun } from "./live.ts";
import { placeOf } from "./names.ts";
import { isOwn, note, noted, own, valueOf } from "./own-entries.ts";
import type { Ground } from "./plan.ts";
import { publicationsOf } from "./publications.ts";
import { protecting } from "../repo/protected-paths.ts";
import { openChecks } from "./branch-checks.ts";
import { openQuestions } from "./questions.ts";
import { duration } from "./render/text.ts";
import { noteReused, reusableFor } from "./retry.ts";
import type { RunSite } from "./site.ts";

interface Place {
  run: LiveRun;
  site: RunSite;
  ground: Ground;
}

const HOUR_MS = 60 * 60_000;

/** Why a script was ended before it returned: in a sentence, and what would have to be more. */
export const EarlyEnd = z.object({ message: z.string(), short: z.enum(["money", "time", "word"]) });
export type EarlyEnd = z.infer<typeof EarlyEnd>;

/**
 * Runs the script from wherever the journal stands. At the run's cap, or when its time is over, the script ends where it
 * is, and changes that are accepted but not folded in yet are folded in, so that what was paid for reaches the final pull
 * request. `Suspended` when nothing is missing but people's answers.
 */
export async function executeScript(
  house: House,
  place: Place,
  signal: AbortSignal,
): Promise<EarlyEnd | Suspended | Paused | null> {
  const { run } = place;
  if (noted(run, own.stopped) === null) {
    const stopped = await runToStop(house, place, signal);
    if (stopped === null || stopped instanceof Suspended || stopped instanceof Paused)
      return stopped;
    const short = shortOf(run, stopped);
    await note(house, run, { step: own.stopped, value: { message: stopped.message, short } });
  }
  if (noted(run, own.combine) === null) await foldAccepted(house, place);
  return EarlyEnd.parse(valueOf(noted(run, own.stopped)));
}

/** Again as long as people let it go on meanwhile: a cap was raised, a pause taken back. */
async function runToStop(
  house: House,
  place: Place,
  signal: AbortSignal,
): Promise<Stopped | Suspended | null> {
  for (;;) {
    const stopped = await runToReturn(house, place, signal);
    const next = await afterStop(house, place.run, stopped);
    if (next !== "again") return next;
  }
}

function shortOf(run: LiveRun, stopped: Stopped): EarlyEnd["short"] {
  if (stopped instanceof TimeSpent) return "time";
  return run.record().land?.by == null ? "money" : "word";
}

async function runToReturn(
  house: House,
  { run, site, ground }: Place,
  signal: AbortSignal,
): Promise<Stopped | Suspended | null> {
  const source = run.script();
  if (source === null) throw new Error("A run without a script cannot be executed.");
  const record = run.record();
  using time = startDeadline(house.world.clock, timeOf(house, run), signal);
  try {
    const { entries: reuse, earlier } = await reusableFor(house, run);
    const context = { ...contextOf(house, { run, site, ground }, time.signal), earlier };
    const hear = noteReused(context.ledger, reuse);
    const result = await runScript({
      source,
      args: record.args,
      functions: scriptFunctions,
      constants: { repo: { head: ground.base.commit, pull: ground.pull?.number ?? null } },
      steps: stepTable(context),
      openSandbox: house.sandboxes.open,
      history: run.entries().filter((entry) => !isOwn(entry)),
      reuse,
      append: async (fresh) => {
        await run.append(fresh);
        hear(fresh);
      },
      emit: run.see,
      now: house.world.clock.now,
      sleep: house.world.clock.sleep,
      findWorkflow: childFinder(ground.trusted, house.settings.workflowsDir),
      limits: { agents: record.limits.agents, outputTokens: null },
      signal,
    });
    const { report } = publicationsOf(ground.base.commit, run.entries(), run.record().settings);
    if (report === null)
      await note(house, run, {
        step: own.report,
        record: { kind: "reported", value: result.value },
      });
    return null;
  } catch (error) {
    if (error instanceof Stopped || error instanceof Suspended) return error;
    throw error;
  }
}

/** Counted from where this process began to drive the script: a run that waited for a person has its time again. */
function timeOf({ settings }: House, run: LiveRun): { ms: number; reason: Error } {
  const { limits: asked, settings: rules } = run.record();
  const most = Math.min(rules["limits.hours"], asked.hours ?? Infinity);
  const ms = Math.min(settings.scriptMs, most * HOUR_MS);
  const reason = new TimeSpent(
    `The run's time is over (${duration(ms)}). What is finished is kept; agents at work were given up.`,
  );
  return { ms, reason };
}

async function foldAccepted(house: House, place: Place): Promise<void> {
  const context = contextOf(house, place);
  const accepted = [...context.ledger.changes.values()].filter(
    (change) => !isDelivered(change) && verdictOf(change) === "accepted",
  );
  // By name and not by arrival: among changes that meet, the order decides what the trunk becomes.
  const ids = accepted.map(({ id }) => id).toSorted();
  await note(house, place.run, {
    step: own.combine,
    // The run is at its cap or out of time: nobody is asked any more.
    record: await foldChanges(context, { ids, order: "fewest-collisions", asking: null }),
    value: ids,
  });
}

function contextOf(
  house: House,
  { run, site, ground }: Place,
  time: AbortSignal | null = null,
): RunContext {
  const { id, requester, settings, repository, thread } = run.record();
  const { pull } = ground;
  const instructions = openInstructions(settings["paths.instructions"]);
  return {
    run: { id, requester, author: house.settings.author, placeOf: placeOf(run.record()) },
    mirror: site.mirror,
    base: ground.base,
    pull: pull && { number: pull.number, diff: async () => pull.diff },
    ledger: publicationsOf(ground.base.commit, run.entries(), run.record().settings).ledger,
    agents: poolOf(house, run, time),
    agentTypes: openAgentTypes(ground.trusted, { wordsChars: limits.agent.rulesChars }),
    conventions: openConventions(ground.trusted, { chars: limits.agent.rulesChars, instructions }),
    instructions,
    isProtected: protecting(settings["paths.protected"]),
    earlier: NOTHING_EARLIER,
    questions: openQuestions({ ...site, clock: house.world.clock }, run),
    migrations: {
      isApart: settings["pullRequests.per"] === "shard",
      ownersIn: (files) => house.migrations.ownersIn(files),
      known: (what) => house.migrations.known(repository, what),
      propose: (proposal) =>
        house.migrations.propose(repository, { ...proposal, run: id, by: requester, thread }),
    },
    checks: openChecks({ ...site, clock: house.world.clock }, run),
    emit: run.see,
    noteOnce: openNotes(run.see),
    now: house.world.clock.now,
    chooseModel: chooserOf(house, run),
    limits: {
      agent: agentLimits,
      reviewersMax: limits.agent.reviewersMax,
      diffChars: limits.agent.diffChars,
      checkLogs: limits.checks.logs,
      checkLogChars: limits.checks.logChars,
    },
    combineUnaccepted: false,
  };
}
