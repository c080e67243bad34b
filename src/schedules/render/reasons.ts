// Why a schedule does not start, and what to do: each a sentence in Markdown. Pure.

import type { RoleName } from "../../world/forge.ts";
import { code, inline, moment } from "../../runs/render/text.ts";
import type { Schedule } from "../../settings/schedule.ts";

const resume = (name: string): string => code(`/workflow schedule resume ${name}`);

export const noOwner = ({ name, owner }: Schedule): string =>
  owner === undefined
    ? `Nobody is known on whose word it starts: GitHub knows no account for the commit that wrote its lines. Somebody with the right to run workflows takes it on with ${resume(name)}, or its \`owner\` is named in \`.github/fanfold.yml\`.`
    : `Its \`owner\` ${code(owner)} is nobody that GitHub knows here. Correct the name in \`.github/fanfold.yml\`, or take it on with ${resume(name)}.`;

export const ownerMayNot = (
  { name }: Schedule,
  { login, role, needs }: { login: string; role: RoleName; needs: string },
): string =>
  `${code(login)}, on whose word it starts, has **${role}** access here now, and it takes **${needs}**. Somebody who has it takes it on with ${resume(name)}.`;

export const noWorkflow = ({ workflow }: Schedule): string =>
  `There is no saved workflow ${code(workflow)} that can be started so. Save one under \`.claude/workflows/\`, or correct the name in \`.github/fanfold.yml\`.`;

export const otherScript = (
  { name, workflow }: Schedule,
  { before, now }: { before: string; now: string },
): string =>
  `The script of ${code(workflow)} is another one than it was set up with (${code(before.slice(0, 8))} → ${code(now.slice(0, 8))}). Read what it does now, then let it start so from now on with ${resume(name)}.`;

export const closed = "Nothing starts in this repository just now; `/workflow config` says why.";

export const stillRuns = (run: string): string => `Run ${code(run)}, its last one, has not ended.`;

export const isStuck = (run: string): string =>
  `Run ${code(run)}, its last one, waits: its comment here says for what. No other one starts before it goes on or is stopped with ${code(`/workflow cancel ${run}`)}.`;

export const alreadyRan = (run: string): string =>
  `Run ${code(run)} was its start at this moment already.`;

export const noIssue = (said: string): string =>
  `Its issue cannot be opened or read, and a run has nowhere to speak. GitHub says: ${inline(said, 300)}. Issues have to be on in this repository, and the App needs **Issues: Read and write**.`;

export const brokenSettings =
  "`.github/fanfold.yml` on the default branch cannot be used as it is, so that nobody knows what may start. `/workflow config` shows its mistakes; it goes on by itself at the next moment after they are mended.";

export const claimWasLost =
  "The process that was about to start it stopped, and nobody was there to do it in time.";

export const pullIsOpen = (number: number): string =>
  `Its last pull request, #${number}, is still open. Merge or close it first.`;

export const coolsDown = (until: number): string =>
  `It started too short a time ago: \`cooldownHours\` lets it start again from ${moment(until)} on.`;

export const nothingChanged = (run: string): string =>
  `No file in its scope is another one than in run ${code(run)}.`;

export const missedMoments = (count: number, first: number): string =>
  count === 1
    ? `The bot was not at work at ${moment(first)}, or could not reach GitHub, and what is missed is not made up for.`
    : `The bot was not at work at ${count} moments from ${moment(first)} on, or could not reach GitHub, and what is missed is not made up for.`;
