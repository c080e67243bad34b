// The table of verbs that help, parser, permissions and the page about commands read.

import type { Verb } from "./command.ts";
import type { Role, VerbEntry } from "./verb-entry.ts";

/** Every verb: what the parser reads behind it, who may use it, and its line of help. */
export const verbs = {
  run: {
    usage:
      "/workflow [run] TASK [--budget $N] [--max-agents N] [--timeout 2h] [--base B] [--dry-run] [--no-pr]",
    does: "plans the task, runs it with many agents, and opens one draft pull request; a saved workflow's name may stand in front of the task",
    needs: "write",
    takes: "task",
    effect: "starts",
    aka: ["start", "go"],
  },
  plan: {
    usage: "/workflow plan TASK [the flags of run]",
    does: "plans the task and waits: phases, agents, cost and script are shown, and nothing runs before its approval",
    needs: "write",
    takes: "task",
    effect: "starts",
    aka: ["preview"],
  },
  approve: {
    usage: "/workflow approve ID [WORDS]",
    does: "lets exactly the plan with this hash run, or says yes to a run's question; a question's id may be left out while only one is open",
    needs: "write",
    takes: "decision",
    effect: "starts",
    aka: ["yes", "ok", "accept", "lgtm"],
  },
  reject: {
    usage: "/workflow reject [ID] [WORDS]",
    does: "ends a plan that waits, or says no to a run's question",
    needs: "write",
    takes: "decision",
    effect: "stops",
    aka: ["no", "deny", "decline"],
  },
  status: {
    usage: "/workflow status",
    does: "says what is running in this thread",
    needs: "triage",
    takes: "nothing",
    effect: "tells",
    aka: ["ps", "progress"],
  },
  list: {
    usage: "/workflow list",
    does: "lists the runs of this repository, the newest first, with state and cost",
    needs: "triage",
    takes: "nothing",
    effect: "tells",
    aka: ["ls", "runs", "history"],
  },
  cancel: {
    usage: "/workflow cancel [RUN]",
    does: "stops a run, this thread's by default, and keeps what is finished",
    needs: "write",
    takes: "run",
    effect: "stops",
    aka: ["stop", "abort", "kill"],
  },
  pause: {
    usage: "/workflow pause [RUN]",
    does: "lets no further agent begin; those at work end first, and nothing is lost",
    needs: "write",
    takes: "run",
    effect: "stops",
    aka: ["hold", "wait", "suspend"],
  },
  resume: {
    usage: "/workflow resume [RUN]",
    does: "goes on with a run that was paused",
    needs: "write",
    takes: "run",
    effect: "starts",
    aka: ["continue", "unpause"],
  },
  land: {
    usage: "/workflow land [RUN]",
    does: "finishes with what there is: no further agent begins, what was accepted is folded in, and the pull request says what is missing",
    needs: "write",
    takes: "run",
    effect: "starts",
    aka: ["finish", "salvage"],
  },
  undo: {
    usage: "/workflow undo [RUN]",
    does: "takes back what a run made on GitHub: closes its pull requests, deletes its branches, hides what it said, and lists what stays; one that still runs is stopped first",
    needs: "maintain",
    opensTo: "write",
    takes: "run",
    effect: "stops",
    aka: ["revert", "rollback"],
  },
  budget: {
    usage: "/workflow budget [RUN] $N",
    does: "sets the cap of a run that has not ended, `+$N` raises it by so much; one that stands at its cap goes on",
    needs: "write",
    takes: "run and amount",
    effect: "starts",
    aka: ["cap"],
  },
  retry: {
    usage: "/workflow retry [RUN] [--failed] [--budget $N]",
    does: "runs an ended run again and performs only what failed or is new: answers that it has are reused; a saved workflow is read anew",
    needs: "write",
    takes: "run and flags",
    effect: "starts",
    aka: ["rerun", "again", "restart"],
  },
  show: {
    usage: "/workflow show [RUN or NAME]",
    does: "shows a run's facts and script, or what a saved workflow does",
    needs: "triage",
    takes: "run or name",
    effect: "tells",
    aka: ["info", "describe", "view"],
  },
  why: {
    usage: "/workflow why [RUN] [AGENT, FILE, FINDING or REVIEWER]",
    does: "says from the journal why changes were rejected or left out and agents failed, in the reviewers' own words",
    needs: "triage",
    takes: "run and agent",
    effect: "tells",
    aka: ["explain"],
  },
  replay: {
    usage: "/workflow replay [RUN] [--what-if budget=N]",
    does: "goes through an ended run again from what it left, for nothing: whether it comes to the same end, and what another cap would have made of it",
    needs: "triage",
    takes: "run and what-if",
    effect: "tells",
    aka: ["simulate"],
  },
  save: {
    usage: "/workflow save [RUN] [NAME]",
    does: "proposes a run's script as `.claude/workflows/NAME.js` in a pull request, so that it can be run again by its name",
    needs: "write",
    takes: "run and name",
    effect: "starts",
    aka: ["keep", "store"],
  },
  schedules: {
    usage: "/workflow schedules",
    does: "lists what starts by itself here, with the next time and the last; so does `schedule list`",
    needs: "triage",
    takes: "nothing",
    effect: "tells",
    aka: ["cron", "scheduled"],
  },
  schedule: {
    usage: "/workflow schedule run|pause|resume NAME",
    does: "starts a schedule's workflow now, stops its further starts, or lets them go on; `resume` also takes on a schedule that asks for somebody's word, with its script as it is now",
    needs: "write",
    takes: "schedule",
    effect: "settings",
    aka: [],
  },
  dismiss: {
    usage: "/workflow dismiss ID because REASON",
    does: "leaves a finding out of its schedule's report for good",
    needs: "write",
    takes: "finding and reason",
    effect: "settings",
    aka: ["ignore", "wontfix", "suppress"],
  },
  undismiss: {
    usage: "/workflow undismiss ID",
    does: "takes a `dismiss` back",
    needs: "write",
    takes: "finding",
    effect: "settings",
    aka: ["unignore"],
  },
  config: {
    usage: "/workflow config",
    does: "shows the settings in force, each with where it comes from",
    needs: "triage",
    takes: "nothing",
    effect: "settings",
    aka: ["settings"],
  },
  doctor: {
    usage: "/workflow doctor",
    does: "looks whether everything is in order here and at the bot: permissions, webhook, model, rules for branches, signatures, CI; says what to do where it is not",
    needs: "triage",
    takes: "nothing",
    effect: "tells",
    aka: ["health", "diagnose"],
  },
  off: {
    usage: "/workflow off",
    does: "stops this repository's runs, keeping what is finished, and starts none until `on`",
    needs: "maintain",
    takes: "nothing",
    effect: "stops",
    aka: ["disable"],
  },
  on: {
    usage: "/workflow on",
    does: "takes an `off` back",
    needs: "maintain",
    takes: "nothing",
    effect: "settings",
    aka: ["enable"],
  },
  help: {
    usage: "/workflow help",
    does: "shows this table",
    needs: "anyone",
    takes: "anything",
    effect: "tells",
    aka: ["commands"],
  },
  version: {
    usage: "/workflow version",
    does: "says which Fanfold this is",
    needs: "anyone",
    takes: "anything",
    effect: "tells",
    aka: ["about"],
  },
} as const satisfies Record<Verb, VerbEntry>;

export const isVerb = (word: string): word is Verb => Object.hasOwn(verbs, word);

/** Every verb, in the order in which people read them. */
export const allVerbs: readonly Verb[] = Object.keys(verbs).filter(isVerb);

/** Verbs that ask for a role. */
export type GuardedVerb = {
  [V in Verb]: (typeof verbs)[V]["needs"] extends Role ? V : never;
}[Verb];

/** The least role that settings can open a verb to. */
export function leastRoleFor(verb: GuardedVerb): Role {
  const entry: { needs: Role; opensTo?: Role } = verbs[verb];
  return entry.opensTo ?? entry.needs;
}
