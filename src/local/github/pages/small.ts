// The small pieces every page uses: times, people, badges, labels, sizes.

import { html, type Html, nothing, trusted } from "./html.ts";
import { type IconName, icon } from "./icons.ts";
import type { CheckView, IssueView, PullState } from "./view.ts";

const clock = new Intl.DateTimeFormat("en", {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

export function time(at: string): Html {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return html`<span>${at}</span>`;
  return html`<time datetime="${at}" title="${at}">${clock.format(moment)}</time>`;
}

const tones = 8;

/** A coloured initial; squares are bots, as on GitHub. */
export function avatar(login: string): Html {
  const sum = Array.from(login).reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const shape = isBot(login) ? " bot" : "";
  const initial = Array.from(login)[0]?.toUpperCase() ?? "?";
  return html`<span class="avatar tone-${sum % tones}${shape}" aria-hidden="true"
    >${initial}</span
  >`;
}

export const isBot = (login: string): boolean => login.endsWith("[bot]");

export function person(login: string): Html {
  if (!isBot(login)) return html`<strong class="person">${login}</strong>`;
  return html`<strong class="person">${login.slice(0, -"[bot]".length)}</strong>
    <span class="pill">bot</span>`;
}

const states: Readonly<Record<PullState | "issue-open" | "issue-closed", [IconName, string]>> = {
  open: ["pull", "Open"],
  draft: ["pull", "Draft"],
  merged: ["merge", "Merged"],
  closed: ["pull", "Closed"],
  "issue-open": ["issue", "Open"],
  "issue-closed": ["check", "Closed"],
};

export function stateBadge(state: keyof typeof states): Html {
  const [name, text] = states[state];
  return html`<span class="state ${state}">${icon(name)} ${text}</span>`;
}

export function stateIcon(state: keyof typeof states): Html {
  const [name, text] = states[state];
  return html`<span class="state-icon ${state}" title="${text}">${icon(name)}</span>`;
}

export const issueState = ({ state }: IssueView): "issue-open" | "issue-closed" => `issue-${state}`;

export const branchLabel = (name: string, link: string): Html =>
  html`<a class="branch" href="${link}">${name}</a>`;

export const verifiedBadge = (verified: boolean): Html =>
  verified
    ? html`<span class="badge verified" title="Made and signed by GitHub">Verified</span>`
    : nothing;

/** GitHub starts no checks for a commit that says so anywhere in its message. */
export const skipBadge = (message: string): Html =>
  /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/i.test(message)
    ? html`<span class="badge quiet" title="No checks are started for this commit">skip ci</span>`
    : nothing;

const emoji: Readonly<Record<string, string>> = {
  "+1": "👍",
  "-1": "👎",
  laugh: "😄",
  confused: "😕",
  heart: "❤️",
  hooray: "🎉",
  rocket: "🚀",
  eyes: "👀",
};

export function reactions(counts: Readonly<Record<string, number>>): Html {
  const shown = Object.entries(emoji).filter(([name]) => (counts[name] ?? 0) > 0);
  if (shown.length === 0) return nothing;
  return html`<div class="reactions">
    ${shown.map(([name, sign]) => html`<span title="${name}">${sign} ${counts[name]}</span>`)}
  </div>`;
}

const conclusions: Readonly<Record<string, [IconName, string]>> = {
  success: ["check", "good"],
  failure: ["cross", "bad"],
  timed_out: ["cross", "bad"],
  action_required: ["alert", "warn"],
  cancelled: ["stop", "quiet"],
  skipped: ["stop", "quiet"],
  stale: ["stop", "quiet"],
  neutral: ["square", "quiet"],
};

export function checkMark({ status, conclusion }: CheckView): Html {
  const [name, tone] = conclusions[conclusion ?? ""] ?? (["dot", "warn"] as const);
  const text = conclusion ?? status;
  return html`<span class="mark ${tone}" title="${text.replaceAll("_", " ")}">${icon(name)}</span>`;
}

export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000
    ? `${(bytes / 1_000).toFixed(1)} KB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export const many = (count: number, one: string, more = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : more}`;

/** Five squares, green and red in proportion. */
export function balance(additions: number, deletions: number): Html {
  const total = additions + deletions;
  const green = total === 0 ? 0 : Math.round((additions / total) * 5);
  const red = total === 0 ? 0 : 5 - green;
  const boxes = Array.from("g".repeat(green) + "r".repeat(red) + "n".repeat(5 - green - red));
  return html`<span class="plus">+${additions}</span> <span class="minus">−${deletions}</span>
    <span class="balance" aria-hidden="true"
      >${boxes.map((box) => trusted(`<i class="${box}"></i>`))}</span
    >`;
}
