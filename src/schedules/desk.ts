// The desk of schedules: what people ask of them in a thread, over the same book that the heartbeat keeps.

import type { Person } from "../command/run-desk.ts";
import type {
  Dismissal,
  DismissalAnswer,
  ScheduleAnswer,
  ScheduleDesk,
} from "../command/schedule-desk.ts";
import { dismissIn } from "../audit/ledger.ts";
import { code } from "../runs/render/text.ts";
import type { RunDeskHandle } from "../runs/desk.ts";
import type { House } from "../runs/house.ts";
import type { Schedule } from "../settings/schedule.ts";
import { causeNow } from "../world/audit-log.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { createBeat, type Beat } from "./beat.ts";
import { startedBefore } from "./again.ts";
import { boardEdited, type Edited, type Wished } from "./board.ts";
import { openBook, withSchedule } from "./book.ts";
import { findGround, type Ground } from "./ground.ts";
import { pinOf } from "./guards.ts";
import { changeSchedule, type Kit, stateOf } from "./kit.ts";
import { renderList } from "./render/list.ts";
import { nextOf } from "./render/moments.ts";
import { startNow } from "./start.ts";
import { emptyState, type ScheduleState, withEvent } from "./state.ts";
import { tell } from "./tell.ts";

export interface ScheduleDeskHandle extends ScheduleDesk, Pick<Beat, "beat"> {}

export function createScheduleDesk(
  house: House,
  desk: RunDeskHandle,
  migrations: Kit["migrations"],
): ScheduleDeskHandle {
  const kit: Kit = { house, desk, book: openBook(house), migrations };
  const heart = createBeat(kit);
  return {
    beat: (signal) => heart.beat(signal),
    list: async (ref) => {
      heart.wake(ref);
      const { effective } = await house.rules.of(ref);
      const { schedules } = effective.settings;
      const state = schedules.length === 0 ? null : await kit.book.read(ref);
      const now = house.world.clock.now();
      const rows = schedules.map((schedule) => ({
        schedule,
        state: stateOf(state ?? emptyState, schedule.name, now),
        next: nextOf(ref.repositoryId, schedule, now),
      }));
      return renderList(rows);
    },
    edited: (event: Edited) => boardEdited(kit, event, (ref, wished) => grant(kit, ref, wished)),
    wish: async (ref, by, wish) => {
      heart.wake(ref);
      // A comment that is heard again came with the same delivery.
      return await grant(kit, ref, { by, wish, word: causeNow().delivery });
    },
    dismiss: (ref, by, dismissal) => dismiss(kit, ref, { by, dismissal }),
  };
}

interface Found {
  ground: Ground;
  schedule: Schedule;
  index: number;
  state: ScheduleState;
}

async function grant(
  kit: Kit,
  ref: RepositoryRef,
  { by, wish, word }: Wished,
): Promise<ScheduleAnswer> {
  const rules = await kit.house.rules.of(ref);
  const { schedules } = rules.effective.settings;
  const index = schedules.findIndex(({ name }) => name === wish.name.toLowerCase());
  const schedule = schedules[index];
  const ground = schedule === undefined ? null : await findGround(kit.house, ref, rules);
  if (schedule === undefined || ground === null) {
    return { kind: "unknown", name: wish.name, known: schedules.map(({ name }) => name) };
  }
  const state = stateOf(await kit.book.read(ref), schedule.name, kit.house.world.clock.now());
  const found: Found = { ground, schedule, index, state };
  switch (wish.act) {
    case "run":
      return await runNow(kit, found, { by, word });
    case "pause":
      return await pause(kit, found, by);
    case "resume":
      return await resume(kit, found, by);
  }
}

async function runNow(
  kit: Kit,
  found: Found,
  { by, word }: Pick<Wished, "by" | "word">,
): Promise<ScheduleAnswer> {
  const { ground, schedule } = found;
  const { name } = schedule;
  const cause = { kind: "person", by, word } as const;
  const tick = kit.house.world.clock.now();
  const asked = { ground, candidate: found, cause };
  const started = (await startedBefore(kit, asked)) ?? (await startNow(kit, { ...asked, tick }));
  if (started.kind === "started") {
    await tell(kit, ground, { schedule, reopen: false });
    const { url } = await ground.forge.issue(started.issue);
    return { kind: "started", name, run: started.run, issue: url };
  }
  const why = started.kind === "taken" ? "Another start of it was faster." : started.why;
  return { kind: "not-now", name, why };
}

async function pause(kit: Kit, { ground, schedule }: Found, by: Person): Promise<ScheduleAnswer> {
  const at = kit.house.world.clock.now();
  const detail = `By ${code(by.login)}.`;
  await changeSchedule(kit, { ref: ground.ref, name: schedule.name }, (state) =>
    state.paused !== null
      ? null
      : withEvent({ ...state, paused: { by, at } }, { at, what: "paused", detail }),
  );
  return await done(kit, { ground, schedule }, "pause");
}

/** Takes back a pause, and what it asked people about: the script as it is now, on this person's word. */
async function resume(kit: Kit, found: Found, by: Person): Promise<ScheduleAnswer> {
  const { ground, schedule, index, state } = found;
  const { name } = schedule;
  const at = kit.house.world.clock.now();
  const asked = state.asks !== null;
  const anew = { ...state, pin: null };
  const pin = asked
    ? await pinOf(kit.house, { ground, schedule, index, state: anew, takenBy: by })
    : state.pin;
  if (pin !== null && "kind" in pin) return { kind: "not-now", name, why: pin.why };
  const detail = asked
    ? `By ${code(by.login)}, on whose word it starts from now on.`
    : `By ${code(by.login)}.`;
  await changeSchedule(kit, { ref: ground.ref, name }, (now) =>
    now.paused === null && now.asks === null
      ? null
      : withEvent({ ...now, paused: null, asks: null, pin }, { at, what: "resumed", detail }),
  );
  return await done(kit, { ground, schedule }, "resume");
}

async function done(
  kit: Kit,
  { ground, schedule }: Pick<Found, "ground" | "schedule">,
  act: "pause" | "resume",
): Promise<ScheduleAnswer> {
  await tell(kit, ground, { schedule, reopen: false });
  const { ref, forge } = ground;
  const { name } = schedule;
  const issue = (await kit.book.known(ref)).schedules.get(name)?.issue ?? null;
  const next = nextOf(ref.repositoryId, schedule, kit.house.world.clock.now());
  const url = issue === null ? null : (await forge.issue(issue)).url;
  return { kind: "done", act, name, next, issue: url };
}

async function dismiss(
  kit: Kit,
  ref: RepositoryRef,
  { by, dismissal: { id, reason } }: { by: Person; dismissal: Dismissal },
): Promise<DismissalAnswer> {
  const all = (await kit.book.read(ref)).schedules;
  // Two schedules that look at the same files know the same finding by the same id.
  const holders = [...all].flatMap(([name, { ledger }]) =>
    ledger.findings.filter((one) => one.id === id).map((finding) => ({ name, finding })),
  );
  const [holder] = holders;
  if (holder === undefined) return { kind: "unknown", id };
  const { title } = holder.finding;
  if (reason === null && holders.every(({ finding }) => finding.dismissed === null)) {
    return { kind: "no-change", id, title };
  }
  const at = kit.house.world.clock.now();
  const word = reason === null ? null : { by, at, reason };
  await kit.book.change(ref, (now) =>
    [...now.schedules].reduce((changed, [name, state]) => {
      const ledger = dismissIn(state.ledger, id, word);
      return ledger === null ? changed : withSchedule(changed, name, { ...state, ledger });
    }, now),
  );
  const urls: (string | null)[] = [];
  for (const { name } of holders) urls.push(await tellAfter(kit, ref, name));
  const url = urls.find((each) => each !== null) ?? null;
  return { kind: reason === null ? "undismissed" : "dismissed", id, title, issue: url };
}

/** The issue of a schedule that is not in the settings any more stays as it was. */
async function tellAfter(kit: Kit, ref: RepositoryRef, name: string): Promise<string | null> {
  const rules = await kit.house.rules.of(ref);
  const schedule = rules.effective.settings.schedules.find((each) => each.name === name);
  const ground = schedule === undefined ? null : await findGround(kit.house, ref, rules);
  if (schedule === undefined || ground === null) return null;
  await tell(kit, ground, { schedule, reopen: false });
  const issue = (await kit.book.known(ref)).schedules.get(name)?.issue ?? null;
  return issue === null ? null : (await ground.forge.issue(issue)).url;
}
