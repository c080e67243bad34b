// Every sentence about settings: what holds and from where, what is wrong with a file, why nothing starts. Pure.

import { codeBlock, codeSpan, shorten } from "../command/text.ts";
import { unreachable } from "../command/unreachable.ts";
import type { Origin } from "./effective.ts";
import { type BrokenFile, SETTINGS_PATH } from "./found.ts";
import { allKeys, type Key, keys } from "./keys.ts";
import type { Closed, RulesNow } from "./rules.ts";

const MISTAKES_MAX = 10;
const VALUE_CHARS = 300;

/** The repository that is spoken of. */
interface Place {
  owner: string;
  name: string;
}

/** `/workflow config`: every value with its origin, what somebody set first. */
export function renderConfig(now: RulesNow, at: Place): string {
  const { origins } = now.effective;
  const set = allKeys.filter((key) => origins.get(key) !== "default");
  const rest = allKeys.filter((key) => !set.includes(key));
  const parts = [
    now.closed === null ? null : renderClosed(now, at),
    `Settings of **${at.owner}/${at.name}**: ${filesOf(now, at)}.`,
    set.length === 0 ? "Everything is as it is by default." : tableOf(now, at, set),
    `<details><summary>By default: ${rest.length} more</summary>\n\n${tableOf(now, at, rest)}\n\n</details>`,
    "Files are read from the default branch each time a command comes; a run keeps what held when it was planned.",
  ];
  return parts.filter((part) => part !== null).join("\n\n");
}

function filesOf({ files }: RulesNow, at: Place): string {
  if (files.length === 0)
    return `there is no ${codeSpan(SETTINGS_PATH)}, here or in ${ownerFile(at)}`;
  return `read from ${files.map((of) => fileName(of, at)).join(" and ")}`;
}

const ownerFile = ({ owner }: Place): string => codeSpan(`${owner}/.github: ${SETTINGS_PATH}`);

const fileName = (of: BrokenFile["of"], at: Place): string =>
  of === "owner" ? ownerFile(at) : codeSpan(SETTINGS_PATH);

function tableOf({ effective }: RulesNow, at: Place, shown: readonly Key[]): string {
  const rows = shown.map((key) => {
    const from = originOf(effective.origins.get(key) ?? "default", at);
    return `| ${codeSpan(key)} | ${valueOf(effective.settings[key])} | ${from} | ${keys[key].does} |`;
  });
  return ["| Setting | Value | From | What it does |", "|---|---|---|---|", ...rows].join("\n");
}

function valueOf(value: unknown): string {
  if (value === null) return "–";
  if (Array.isArray(value) && value.length === 0) return "none";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return codeSpan(text, VALUE_CHARS).replaceAll("|", "\\|");
}

function originOf(origin: Origin, at: Place): string {
  switch (origin) {
    case "default":
      return "default";
    case "operator":
      return "whoever runs this bot";
    case "owner":
      return ownerFile(at);
    case "repository":
      return codeSpan(SETTINGS_PATH);
    case "both":
      return `${codeSpan(SETTINGS_PATH)} and ${ownerFile(at)}`;
    default:
      return unreachable(origin);
  }
}

/** Why nothing starts, who can change it, and where. */
export function renderClosed(now: Pick<RulesNow, "closed" | "broken">, at: Place): string {
  const { closed } = now;
  if (closed === null) return "";
  switch (closed.why) {
    case "setting":
      return switchedOffBy(closed.by, at);
    case "switch": {
      const { by, at: when } = closed.off;
      const day = new Date(when).toISOString().slice(0, 10);
      return `⏸️ Fanfold is **switched off** in this repository: ${by.login} wrote \`/workflow off\` on ${day}. Someone with **maintain** access turns it on again by \`/workflow on\`.`;
    }
    case "unreadable":
      return `⏸️ **Nothing starts** in this repository: nobody can tell whether \`/workflow off\` was written here. ${closed.message}`;
    case "broken":
      return now.broken.map((file) => renderBroken(file, at)).join("\n\n");
    default:
      return unreachable(closed);
  }
}

function switchedOffBy(by: Extract<Closed, { why: "setting" }>["by"], at: Place): string {
  const line = "`disableWorkflows: true`";
  switch (by) {
    case "operator":
      return "⏸️ Fanfold is **switched off**: whoever runs this bot set `FANFOLD_DISABLE_WORKFLOWS` in its environment, and only they can change it, by starting it again without.";
    case "owner":
      return `⏸️ Fanfold is **switched off**: ${line} stands in ${ownerFile(at)} and holds for every repository of ${at.owner}. Whoever may push to the default branch there can change it.`;
    case "repository":
      return `⏸️ Fanfold is **switched off** in this repository: ${line} stands in ${codeSpan(SETTINGS_PATH)} on the default branch. Whoever may push there can change it.`;
    default:
      return unreachable(by);
  }
}

/** What is wrong with a file, line by line. */
function renderBroken({ of, mistakes }: BrokenFile, at: Place): string {
  const told = mistakes
    .slice(0, MISTAKES_MAX)
    .map(({ line, sentence }) => `- Line ${line}: ${sentence}`);
  const more = mistakes.length - told.length;
  const shown = mistakes
    .slice(0, MISTAKES_MAX)
    .map(({ line, text }) => `${String(line).padStart(5)} | ${shorten(text, 120)}`);
  return [
    `⚠️ ${fileName(of, at)} on the default branch **cannot be used**, and while it is broken nobody knows what it forbids: nothing is started.`,
    [...told, ...(more > 0 ? [`- … and ${more} more`] : [])].join("\n"),
    codeBlock([...new Set(shown)].join("\n")),
    "Mend it on the default branch, then post the command again. `/workflow config` reads it anew; `/workflow cancel` and `/workflow status` work all the time.",
  ].join("\n\n");
}
