// The run pages as HTML. Everything that is shown goes through one escaping function. Pure.

import type { RunData } from "./run-data.ts";

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.badge { border-radius: 1rem; padding: .1rem .6rem; border: 1px solid; font-size: .85rem; }
pre { white-space: pre-wrap; background: color-mix(in srgb, currentColor 7%, transparent); padding: .8rem; border-radius: .4rem; }
.quiet { opacity: .7; }`;

/** The list of all runs. */
export function listPage(runs: readonly RunData[]): string {
  const rows = runs.map(
    (run) =>
      `<tr><td><a href="/runs/${escape(run.id)}">${escape(run.title)}</a></td><td>${escape(run.repository)}#${run.thread}</td>` +
      `<td><span class="badge">${escape(run.status)}</span></td><td class="number">${run.agents}</td><td class="number">${money(run)}</td></tr>`,
  );
  const table = `<table><tr><th>Run</th><th>Where</th><th>State</th><th>Agents</th><th>Cost</th></tr>${rows.join("")}</table>`;
  return page(
    "Runs",
    runs.length === 0 ? "<p>No run yet. Comment <code>/workflow …</code> on an issue.</p>" : table,
  );
}

/** One run; reloads itself while it moves. */
export function runPage(run: RunData): string {
  const phases = run.phases.map(
    ({ title, agents, done, failed }) =>
      `<tr><td>${escape(title)}</td><td class="number">${done} of ${agents}</td><td class="number">${failed === 0 ? "" : `${failed} failed`}</td></tr>`,
  );
  const running = run.running.map(
    ({ label, role, turns }) =>
      `<li>${escape(label)} <span class="quiet">${escape(role)}, turn ${turns}</span></li>`,
  );
  const thread = run.url === null ? "" : ` · <a href="${escape(run.url)}">thread</a>`;
  const body = [
    `<p><span class="badge">${escape(run.status)}</span> ${escape(run.repository)}#${run.thread}${thread}</p>`,
    run.waiting === null ? "" : `<p><b>Waiting:</b> ${escape(run.waiting)}</p>`,
    `<p>${run.agents} agents · ${run.tokens} tokens · ${money(run)} · ${Math.round(run.seconds)} s</p>`,
    `<table><tr><th>Phase</th><th>Done</th><th></th></tr>${phases.join("")}</table>`,
    running.length === 0 ? "" : `<h2>Running</h2><ul>${running.join("")}</ul>`,
    run.logs.length === 0 ? "" : `<h2>Log</h2><pre>${escape(run.logs.join("\n"))}</pre>`,
  ].join("");
  const moves = ["planning", "running", "publishing"].includes(run.status);
  return page(run.title, body, moves ? '<meta http-equiv="refresh" content="3">' : "");
}

const money = ({ costUsd }: RunData): string =>
  costUsd === null ? "price unknown" : `$${costUsd.toFixed(2)}`;

function page(title: string, body: string, head = ""): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(title)} · Fanfold</title>${head}<style>${STYLE}</style></head><body><p><a href="/runs">Fanfold runs</a></p><h1>${escape(title)}</h1>${body}</body></html>`;
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
