// A run as it begins: what was asked for, within what the repository's settings allow.

import { RunRefused, type RunRequest } from "../command/run-desk.ts";
import type { Settings } from "../settings/keys.ts";
import type { House } from "./house.ts";
import { type LiveRun, liveRun } from "./live.ts";
import { nothingYet } from "./nothing-yet.ts";
import { deliveryNow, noteBegun } from "./notes.ts";
import type { RunRecord } from "./record.ts";
import { cut, money } from "./render/text.ts";
import { runFolder } from "./store.ts";

/** What of a command's line is kept; its task is kept whole. */
const LINE_CHARS_MAX = 500;

interface Asked {
  request: RunRequest;
  settings: Settings;
}

/** On disk when it resolves. Rejects with `RunRefused` when nothing was asked for. */
export async function beginRun(house: House, id: string, asked: Asked): Promise<LiveRun> {
  if (asked.request.task.trim() === "") {
    throw new RunRefused(
      "There is no task. Write it after the command: `/workflow fix the flaky test in src/net`.",
    );
  }
  const record = recordOf(id, asked, house.world.clock.now());
  const folder = runFolder(house.world.disk, id);
  await folder.writeRecord(record);
  await noteBegun(house, record);
  return liveRun(folder, { record, script: null, entries: [] });
}

function recordOf(id: string, { request, settings }: Asked, now: number): RunRecord {
  const { repository, thread, isPullRequest, said, place, requester, line, task, flags } = request;
  const { limits, notes } = narrowed(request, settings);
  return {
    v: 1,
    id,
    repository,
    thread,
    isPullRequest,
    isPrivate: false,
    said,
    delivery: deliveryNow(),
    place,
    occasion: request.occasion ?? null,
    requester,
    line: line === null ? null : cut(line, LINE_CHARS_MAX),
    task,
    limits,
    opensPull: flags.pr !== "link",
    settings,
    notes: [...request.notes, ...notes],
    waitsForApproval: request.waitsForApproval,
    baseBranch: flags.base,
    base: null,
    script: null,
    retryOf: null,
    ...nothingYet(now),
  };
}

/** What the command asked for beyond the settings is cut to them, and said. */
function narrowed(
  { flags: { maxAgents, budgetUsd, hours: wantedHours } }: RunRequest,
  settings: Settings,
): { limits: RunRecord["limits"]; notes: string[] } {
  const agentsMost = settings["limits.agents"];
  const most = settings["budget.most"];
  const wantedUsd = budgetUsd ?? settings["budget.run"];
  const notes: string[] = [];
  if (maxAgents !== null && maxAgents > agentsMost) {
    notes.push(
      `\`--max-agents ${maxAgents}\` is cut to ${agentsMost}: \`limits.agents\` allows no more.`,
    );
  }
  if (budgetUsd !== null && budgetUsd > most) {
    notes.push(`\`--budget\` is cut to ${money(most)}: \`budget.most\` allows no more.`);
  }
  const hoursMost = settings["limits.hours"];
  const hours = wantedHours === null ? null : Math.min(wantedHours, hoursMost);
  if (hours !== wantedHours) {
    notes.push(`\`--timeout\` is cut to ${hoursMost} h: \`limits.hours\` allows no more.`);
  }
  return {
    limits: {
      agents: Math.min(maxAgents ?? agentsMost, agentsMost),
      budgetUsd: Math.min(wantedUsd, most),
      hours,
    },
    notes,
  };
}
