// The dashboard of a repository: one issue, kept true, whose boxes do what they say for whoever may use the command.

import { authorize } from "../command/authorize.ts";
import type { Person } from "../command/run-desk.ts";
import type { IssueEdited, ScheduleAnswer, ScheduleWish } from "../command/schedule-desk.ts";
import { code } from "../runs/render/text.ts";
import type { RulesNow } from "../settings/rules.ts";
import type { Forge, RepositoryRef } from "../world/forge.ts";
import { findOrOpen, putPart } from "./issue.ts";
import { type Kit, stateOf } from "./kit.ts";
import { renderBoard, renderBoardOff, type Tick, ticksIn } from "./render/board.ts";
import { nextOf } from "./render/moments.ts";
import type { BoardState } from "./state.ts";

export const BOARD_MARKER = "<!-- fanfold:dashboard -->";
const NOTES_KEPT = 5;

/** Opens the issue when there is none, and puts back whatever was ticked and not done. */
export async function tellBoard(kit: Kit, ref: RepositoryRef, rules: RulesNow): Promise<void> {
  const { effective } = rules;
  if (!effective.settings.dashboard) return;
  const forge = await kit.house.world.openForge(ref);
  const { schedules, board } = await kit.book.known(ref);
  const issue = { marker: BOARD_MARKER, title: "Fanfold dashboard" };
  const number = await findOrOpen(forge, { known: board.issue, ...issue });
  if (number !== board.issue) await changeBoard(kit, ref, (now) => ({ ...now, issue: number }));
  const now = kit.house.world.clock.now();
  const part = renderBoard({
    schedules: effective.settings.schedules.map((schedule) => ({
      schedule,
      state: stateOf({ schedules, board }, schedule.name, now),
      next: nextOf(ref.repositoryId, schedule, now),
    })),
    runs: await kit.desk.list(ref),
    migrations: await kit.migrations(ref),
    held: forge.held(),
    notes: board.notes,
  });
  await putPart(forge, number, { marker: BOARD_MARKER, part, reopen: false });
}

/** Old boxes must not look as if they did something. */
export async function tellBoardOff(kit: Kit, ref: RepositoryRef): Promise<void> {
  const { board } = await kit.book.known(ref);
  if (board.issue === null) return;
  const forge = await kit.house.world.openForge(ref);
  const issue = { marker: BOARD_MARKER, title: "Fanfold dashboard" };
  const number = await findOrOpen(forge, { known: board.issue, ...issue });
  await putPart(forge, number, { marker: BOARD_MARKER, part: renderBoardOff(), reopen: false });
  await changeBoard(kit, ref, (now) => ({ ...now, issue: null }));
}

function changeBoard(
  { book }: Kit,
  ref: RepositoryRef,
  change: (board: BoardState) => BoardState,
): Promise<boolean> {
  return book.change(ref, (state) => ({ ...state, board: change(state.board) }));
}

/** What a person wishes of one schedule, as in a thread, and the name of the word. */
export interface Wished {
  by: Person;
  wish: ScheduleWish;
  word: string | null;
}
type GrantWish = (ref: RepositoryRef, wished: Wished) => Promise<ScheduleAnswer>;

/** With the name of the letter that it came with, which is the same at each try. */
export type Edited = IssueEdited & { key?: string };

/** Who ticked is asked of GitHub, now: an edit says nothing about it but the account. */
export async function boardEdited(kit: Kit, event: Edited, grantWish: GrantWish): Promise<void> {
  const { repository: ref, sender } = event;
  if (sender.type !== "User" || !event.body.includes(BOARD_MARKER)) return;
  const rules = await kit.house.rules.of(ref);
  if (!rules.effective.settings.dashboard) return;
  const { board } = await kit.book.read(ref);
  const ticks = board.issue === event.issue ? newTicksIn(event) : [];
  if (ticks.length === 0) return;
  const forge = await kit.house.world.openForge(ref);
  const by = { id: sender.id, login: sender.login };
  const asked = { ref, by, issue: event.issue, word: event.key ?? null };
  for (const tick of ticks) {
    const refusal = await refusalOf(forge, { by, rules, tick });
    const text = refusal ?? (await carryOut(kit, { ...asked, tick }, grantWish));
    const at = kit.house.world.clock.now();
    await changeBoard(kit, ref, (now) => ({
      ...now,
      notes: [...now.notes, { at, text }].slice(-NOTES_KEPT),
    }));
  }
  await tellBoard(kit, ref, rules);
}

/** What was ticked before this edit is somebody else's: it is not done on the word of whoever edits next. */
function newTicksIn({ body, before }: IssueEdited): Tick[] {
  const old = new Set(ticksIn(before ?? body).map((tick) => JSON.stringify(tick)));
  return ticksIn(body).filter((tick) => !old.has(JSON.stringify(tick)));
}

/** Null for somebody who may; fails closed. */
async function refusalOf(
  forge: Forge,
  { by, rules, tick }: { by: Person; rules: RulesNow; tick: Tick },
): Promise<string | null> {
  const { settings } = rules.effective;
  const needs = settings[tick.act === "cancel" ? "permissions.cancel" : "permissions.schedule"];
  const { role, userId } = await forge.permissionOf(by.login);
  const decision = authorize(by.id, { kind: "known", role, userId }, needs);
  if (decision.allowed) return null;
  return `${code(by.login)} ticked a box that takes **${needs}** access and has **${role}**: nothing was done, and the box was put back.`;
}

async function carryOut(
  kit: Kit,
  {
    ref,
    by,
    word,
    tick,
    issue,
  }: Omit<Wished, "wish"> & { ref: RepositoryRef; tick: Tick; issue: number },
  grantWish: GrantWish,
): Promise<string> {
  if (tick.act === "cancel") {
    const wish = { verb: "cancel", run: tick.run } as const;
    const { kind } = await kit.desk.grant({ repository: ref, thread: issue }, by, wish);
    const done = kind === "noted" ? "stops run" : "wanted to stop run, which is not possible now:";
    return `${code(by.login)} ${done} ${code(tick.run)}.`;
  }
  const answer = await grantWish(ref, { by, wish: tick, word });
  const what = `${code(by.login)}: ${tick.act} ${code(tick.name)}`;
  switch (answer.kind) {
    case "done":
    case "started":
      return `${what}. Done.`;
    case "not-now":
      return `${what}. Not done: ${answer.why}`;
    case "unknown":
      return `${what}. There is no such schedule any more.`;
  }
}
