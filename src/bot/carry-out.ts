// Carries out what an admitted person asked for, and says what came of it.

import type { Command } from "../command/command.ts";
import { decided } from "../command/decision-replies.ts";
import * as replies from "../command/replies.ts";
import * as about from "../command/run-replies.ts";
import type { Granted, RunRequest, Taken } from "../command/run-desk.ts";
import { verbOf } from "../command/verb-words.ts";
import { unreachable } from "../command/unreachable.ts";
import { renderConfig } from "../settings/render.ts";
import type { RulesNow } from "../settings/rules.ts";
import type { GuardedVerb } from "../command/verbs.ts";
import { aboutSchedules } from "./about-schedules.ts";
import { seeDoctor } from "./see-doctor.ts";
import {
  type Answer,
  type CommandTalk,
  confirmed,
  personOf,
  place,
  runSpeaks,
  subjectOf,
  type Talk,
} from "./talk.ts";

export type GuardedCommand = Extract<Command, { verb: GuardedVerb }>;

interface Given {
  /** Sentences about how the command was read. */
  notes: readonly string[];
  rules: RulesNow;
}

/** Rejects with `RunRefused` when a run cannot begin. */
export async function carryOut(
  talk: CommandTalk,
  command: GuardedCommand,
  given: Given,
): Promise<Answer> {
  const { runs, event, key } = talk;
  switch (command.verb) {
    case "run":
    case "plan":
      return taken(await runs.start(requestOf(talk, command, given.notes)));
    case "retry":
      return retry(talk, command);
    case "cancel":
    case "pause":
    case "resume":
    case "land":
    case "undo":
    case "budget": {
      const mostUsd = given.rules.effective.settings["budget.most"];
      const wish = command.verb === "budget" ? { ...command, mostUsd, key } : command;
      return await wished(talk, await runs.grant(event, personOf(talk), wish));
    }
    case "approve":
    case "reject":
      return await decide(talk, command);
    case "status":
      return confirmed("+1", about.status(await runs.status(event), await runs.unreadable(event)));
    case "show":
      return confirmed("+1", await runs.show(event, command.what));
    case "why":
      return confirmed("+1", await runs.why(event, command));
    case "replay":
      return confirmed("+1", await talk.replays.replay(event, command));
    case "save": {
      const { run, name } = command;
      const isCommand = (word: string): boolean => verbOf(word) !== null;
      const asked = { by: personOf(talk), run, name, isCommand };
      return confirmed("+1", about.saved(await runs.save(event, asked)));
    }
    case "list":
      return confirmed("+1", about.list(await runs.list(event.repository)));
    case "schedules":
    case "schedule":
    case "dismiss":
    case "undismiss":
      return await aboutSchedules(talk, command);
    case "config":
      return confirmed("+1", renderConfig(given.rules, event.repository));
    case "doctor":
      return seeDoctor(talk);
    case "off":
      return switchOff(talk);
    case "on":
      return switchOn(talk, given.rules);
    default:
      return unreachable(command);
  }
}

/** A run that waits for somebody's word is told by that word: it is what lets it go on. */
async function retry(
  talk: CommandTalk,
  { run, budgetUsd }: Extract<Command, { verb: "retry" }>,
): Promise<Answer> {
  const known = run === null ? [] : await talk.runs.list(talk.event.repository);
  const waiting = known.find((each) => each.run === run && each.asks.length > 0);
  if (waiting !== undefined) return confirmed("confused", about.waitsForWord(waiting));
  return taken(await talk.runs.retry({ ...askedIn(talk), run, budgetUsd }));
}

const taken = (run: Taken): Answer => (run === "new" ? confirmed("rocket", null) : runSpeaks);

/** A word that decided nothing gets no thumb up. */
async function decide(
  talk: Talk,
  { verb, id, comment }: Extract<Command, { verb: "approve" | "reject" }>,
): Promise<Answer> {
  const word = { approved: verb === "approve", id, comment };
  const deciding = await talk.runs.decide(talk.event, personOf(talk), word);
  const lost = deciding.kind === "nothing-asked" ? await talk.runs.unreadable(talk.event) : [];
  if (lost.length > 0) return confirmed("confused", about.nothingDone(lost));
  return confirmed(deciding.kind === "decided" ? "+1" : "confused", decided(deciding));
}

/** What was wished and could not be done is told by the reaction as well. */
async function wished(talk: Talk, outcome: Granted): Promise<Answer> {
  if (outcome.kind === "nothing-runs") {
    const lost = await talk.runs.unreadable(talk.event);
    const meant = lost.filter(({ run }) => outcome.run === null || outcome.run === run);
    if (meant.length > 0) return confirmed("confused", about.nothingDone(meant));
  }
  const isDone = outcome.kind === "noted" || outcome.kind === "cap";
  return confirmed(isDone ? "+1" : "confused", about.granted(outcome));
}

/** The switch first: a run that is asked for meanwhile finds it closed. What runs is stopped whatever comes of that. */
async function switchOff(talk: Talk): Promise<Answer> {
  const { rules, runs, event, world } = talk;
  const { repository } = event;
  const by = personOf(talk);
  const kept = await rules.switches.off(repository, { by, at: world.clock.now() }).then(
    () => true,
    (err: unknown) => {
      world.log.error({ ...place(event), err }, "A switch could not be kept in its repository.");
      return false;
    },
  );
  const stopping = await runs.cancelAll(repository, by);
  return kept
    ? confirmed("+1", replies.switchedOff(stopping))
    : confirmed("-1", replies.switchedOffHere(stopping));
}

async function switchOn({ rules, event }: Talk, now: RulesNow): Promise<Answer> {
  await rules.switches.on(event.repository);
  const { closed } = await rules.of(event.repository);
  const isClosed = closed !== null;
  return confirmed(
    isClosed ? "confused" : "+1",
    replies.switchedOn(now.switchedOff !== null, isClosed),
  );
}

function requestOf(
  talk: CommandTalk,
  { verb, words, task, flags }: Extract<Command, { task: string }>,
  notes: readonly string[],
): RunRequest {
  const { isPullRequest, place: spot } = talk.event;
  return {
    ...askedIn(talk),
    isPullRequest,
    place: spot,
    words,
    task,
    flags,
    notes,
    waitsForApproval: verb === "plan",
  };
}

/** What every wish for a run has: where it was said, by whom, and how. */
function askedIn(talk: CommandTalk) {
  const { event, key, line } = talk;
  const { repository, thread } = event;
  return { repository, thread, key, said: subjectOf(event), requester: personOf(talk), line };
}
