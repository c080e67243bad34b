// One world: a scenario, machines, faults, and what came of it.

import { createMemoryGitHub } from "../../src/outside/memory/forge.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import type { RepositoryRef } from "../../src/world/forge.ts";
import { strangers } from "./again.ts";
import type { Surroundings } from "./bot.ts";
import { draw, drawInt } from "./core/draw.ts";
import { drawWeather, type Fault } from "./core/fault.ts";
import { type Plan, Seam } from "./core/seam.ts";
import { Timeline } from "./core/timeline.ts";
import { Hub } from "./git/hub.ts";
import { openWatch, type Violation, type Watch } from "./invariants.ts";
import { openMoney, PRICED } from "./money.ts";
import { openPast } from "./past.ts";
import { answer, isHopeless, type Nature } from "./model.ts";
import {
  capOf,
  dayCapOf,
  drawScenario,
  type Edition,
  NEWEST,
  type Scenario,
  withCap,
} from "./scenario.ts";
import { type Left, people, Town } from "./town.ts";

export interface WorldOptions {
  seed: number;
  /** Left out: drawn from the seed. */
  scenario?: Scenario;
  /** What goes wrong; left out: drawn from the seed, until the faults stop. */
  plan?: Plan;
  /** Nothing goes wrong. */
  isCalm?: boolean;
  /** The run's cap in US dollars, null for none that is met; left out: drawn from the seed. */
  capUsd?: number | null | undefined;
  /** Agents use tools that they do not have; left out: drawn from the seed. */
  isClumsy?: boolean | undefined;
  /** What worlds are drawn from; left out: all that there is. */
  edition?: Edition | undefined;
  /** How many refs a push may move; left out: drawn from the seed. */
  refsPerPush?: number | null | undefined;
  onTrace?: (line: string) => void;
}

/** What came of a world. */
export interface Outcome {
  seed: number;
  scenario: string;
  operations: number;
  crashes: number;
  /** Turns that the provider was asked for. */
  turns: number;
  /** Runs that were taken from a driver that had not let go of them. */
  takeOvers: number;
  virtualMs: number;
  violations: Violation[];
  /** Faults that happened. */
  plan: Map<string, Fault>;
  /** What people are left with, for comparing worlds. */
  left: Left;
  /** The bot's comments. */
  said: string[];
}

/** Of all worlds. */
const CLUMSY = 0.1;
/** Of all worlds. */
const LEAKY = 0.05;
/** Of all worlds: in their repository a push may move few refs. */
const POLICY = 0.15;
export const natureOf = ({ seed, isClumsy }: WorldOptions): Nature => ({
  isClumsy: isClumsy ?? draw(seed, "clumsy") < CLUMSY,
  isLeaky: draw(seed, "leaky") < LEAKY,
});

/** What happens in a world. */
export const scenarioOf = ({
  seed,
  scenario,
  edition,
  capUsd = capOf(seed),
}: WorldOptions): Scenario => scenario ?? withCap(drawScenario(seed, edition), seed, capUsd);

/** Everything that decides a world beside its plan, so that it is the same one when what is drawn has changed. */
export type Decided = Required<
  Pick<WorldOptions, "seed" | "isClumsy" | "refsPerPush" | "edition" | "capUsd">
>;

export const decidedOf = (options: WorldOptions): Decided => ({
  seed: options.seed,
  isClumsy: natureOf(options).isClumsy,
  refsPerPush: options.refsPerPush === undefined ? policyOf(options.seed) : options.refsPerPush,
  edition: options.edition ?? NEWEST,
  capUsd: options.capUsd === undefined ? capOf(options.seed) : options.capUsd,
});

/** Of all worlds: their journals are replayed as they stood at every move, not only at the end. */
const EVERY_MOMENT = 0.1;

const policyOf = (seed: number): number | null =>
  draw(seed, "policy") < POLICY ? drawInt(seed, "refs a push", [1, 4]) : null;

const START = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
/** Faults stop after this time, and the world has to come to rest. */
export const FAULTS_UNTIL = START + 12 * MINUTE_MS;
/** A world that has not come to rest by then never will: a run may wait for many days that each have their cap. */
const PATIENCE_MS = 30 * 24 * 60 * MINUTE_MS;
/** Longer than between two looks at what is not answered yet, and after which what only another machine heard is asked for. */
const QUIET_MS = 21 * MINUTE_MS;
const AFTERWARDS_MS = 25 * MINUTE_MS;

const ref: RepositoryRef = { installationId: 1, repositoryId: 1, owner: "acme", name: "site" };

/** Plays a world to its rest. */
export async function play(options: WorldOptions): Promise<Outcome> {
  const { seed, onTrace = () => {} } = options;
  const nature = natureOf(options);
  const scenario = scenarioOf(options);
  const timeline = new Timeline(START);
  const faults =
    options.plan !== undefined || options.isCalm === true
      ? { plan: options.plan ?? new Map() }
      : { weather: drawWeather(seed, draw), until: FAULTS_UNTIL };
  const hub = new Hub((move) => watch.onMove(move));
  hub.refsPerPush = decidedOf(options).refsPerPush ?? null;
  const github = createMemoryGitHub({ ref, home: hub.home(), people: new Map(people) });
  const past = openPast(github.state, () => timeline.now);
  const ofPeople = new Set(["refs/heads/main"]);
  const watch = openWatch({
    hub,
    github: github.state,
    now: () => timeline.now - START,
    isOfPeople: (name) => ofPeople.has(name),
    isGivenUp: (pull) => town.givenUp.has(pull),
  });
  const seam = new Seam({
    timeline,
    seed,
    faults,
    trace: onTrace,
    onOperation: (operation, process) => {
      past.note();
      watch.onOperation(operation, process.name);
      if (operation.kind === "git") money.look();
    },
    past: (asked, work) => past.during(asked, work),
  });
  const asked = { turns: 0 };
  const dayUsd = scenario.capUsd === null || options.edition === 1 ? null : dayCapOf(seed);
  const money = openMoney({
    seed,
    capUsd: () => (scenario.capUsd === null ? null : scenario.capUsd + town.raisedUsd),
    dayUsd,
    chains: watch.chains,
    violate: (invariant, what) => watch.violate(invariant, what),
  });
  const around: Omit<Surroundings, "deliveries"> = {
    timeline,
    seam,
    hub,
    github,
    ref,
    log: createMemoryLog(),
    seed,
    model: async (request, process) => {
      asked.turns += 1;
      watch.onAsking(request, process.name);
      const said = answer(request, seed, nature);
      onTrace(`${timeline.now} model: ${said.about}`);
      return money.charged(request, said);
    },
    onPush: (push) => watch.onPush(push),
    onPaid: (costUsd, by) => money.onPaid(costUsd, by),
    dayUsd,
    modelId: scenario.capUsd === null ? "simulated" : PRICED,
  };
  hub.commitFiles("main", filesOf(scenario), START);
  const thread = github.openIssue("Make it better", "ada");
  const town = new Town(around, { thread, deeds: scenario.deeds, chains: watch.chains });
  // One broken world is a finding with a seed, and not the end of a series.
  const end = await live({ seed, scenario, timeline, town, watch, around }).catch(
    (error: unknown) => {
      watch.violate("a world is played to its end", String(error));
      return { left: { runs: [], files: {}, openPulls: 0 }, said: [] };
    },
  );
  return {
    seed,
    scenario: scenario.name,
    operations: seam.operations,
    crashes: town.fleet.crashes,
    turns: asked.turns,
    takeOvers: watch.chains.takeOvers,
    virtualMs: timeline.now - START,
    violations: watch.violations,
    plan: seam.happened,
    ...end,
  };
}

/** From the first deed until long after the last one. */
async function live(world: AtRest): Promise<Pick<Outcome, "left" | "said">> {
  const { timeline, town, watch } = world;
  town.begin();
  const rest = await comeToRest(timeline, {
    isAtRest: () => town.isAtRest(),
    writes: () => watch.writes(),
  });
  if (rest === "done") await judge(world);
  else watch.violate("every run ends", `${rest}: ${town.describe()}`);
  await timeline.run(() => false, timeline.now + AFTERWARDS_MS);
  return { left: town.left(), said: town.said() };
}

interface AtRest {
  seed: number;
  scenario: Scenario;
  timeline: Timeline;
  town: Town;
  watch: Watch;
  around: Pick<Surroundings, "log">;
}

/** How the log calls a fault of our own. */
const BROKEN = "a run failed inside";

/** What must hold when a world has come to rest. */
async function judge({ seed, scenario, timeline, town, watch, around }: AtRest): Promise<void> {
  for (const { fields } of around.log.lines.filter(({ message }) => message === BROKEN))
    watch.violate("no run breaks inside", "error" in fields ? String(fields.error) : "");
  for (const untruth of town.untruths()) watch.violate("a run's comment tells the truth", untruth);
  for (const run of town.differences())
    watch.violate("the checkpoint holds the whole journal", run);
  for (const leak of await timeline.real(town.leaks()))
    watch.violate("nothing is left behind", leak);
  for (const part of town.smuggled((one) => isHopeless(seed, one, scenario.lenses)))
    watch.violate("only what was accepted is proposed", `part ${part}`);
  const { runs, moments } = watch.chains;
  const looked = draw(seed, "looked at") < EVERY_MOMENT ? moments : runs.values();
  for (const stranger of await timeline.real(strangers(looked)))
    watch.violate("a journal replays to where it stood", stranger);
  watch.rest();
}

/** Nothing is owed, and for a while nothing of ours was written: whatever was said is worked on by then. */
async function comeToRest(
  timeline: Timeline,
  { isAtRest, writes }: { isAtRest: () => boolean; writes: () => number },
): Promise<"done" | "idle" | "late"> {
  for (;;) {
    const before = writes();
    const end = await timeline.run(isAtRest, START + PATIENCE_MS);
    if (end !== "done") return end;
    await timeline.run(() => false, timeline.now + QUIET_MS);
    if (isAtRest() && writes() === before) return "done";
  }
}

const filesOf = ({ script }: Scenario): Record<string, string> => ({
  "README.md": "A place for parts.\n",
  ".claude/workflows/sim.js": script,
  ".github/fanfold.yml": "approval:\n  trusted: [sim]\n",
});
