// The run pages as HTML. Everything that is shown goes through one escaping function. Pure.

import type { RunData } from "./run-data.ts";

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; --line: light-dark(#d1d9e0, #3d444d); }
body { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
a { color: light-dark(#0969da, #4493f8); text-decoration: none; } a:hover { text-decoration: underline; }
h1 { font-size: 1.5rem; font-weight: 600; margin: .4rem 0 .8rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .6rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .4rem .7rem; border-bottom: 1px solid var(--line); }
th { font-size: .85rem; font-weight: 600; opacity: .7; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.badge { border-radius: 1rem; padding: .1rem .65rem; border: 1px solid; font-size: .85rem; }
.completed, .done { color: light-dark(#1a7f37, #3fb950); } .failed, .cancelled { color: light-dark(#cf222e, #f85149); }
.running, .planning, .publishing { color: light-dark(#0969da, #4493f8); } .waiting, .paused, .degraded { color: light-dark(#9a6700, #d29922); }
.facts { display: flex; flex-wrap: wrap; gap: .8rem 2.4rem; margin: 1.2rem 0; } .facts b { display: block; font-size: 1.35rem; font-weight: 600; }
.facts span, .quiet { opacity: .7; font-size: .9rem; } meter { width: 100%; min-width: 8rem; }
pre { white-space: pre-wrap; background: color-mix(in srgb, currentColor 6%, transparent); padding: .8rem; border-radius: .4rem; }`;

/** The list of all runs. */
export function listPage(runs: readonly RunData[]): string {
  const rows = runs.map(
    (run) =>
      `<tr><td><a href="/runs/${escape(run.id)}">${escape(run.title)}</a></td><td>${escape(run.repository)}#${run.thread}</td>` +
      `<td><span class="badge ${run.status}">${run.status}</span></td><td class="number">${run.agents}</td><td class="number">${money(run)}</td></tr>`,
  );
  const table = `<table><tr><th>Run</th><th>Where</th><th>State</th><th class="number">Agents</th><th class="number">Cost</th></tr>${rows.join("")}</table>`;
  return page(
    "Runs",
    runs.length === 0 ? "<p>No run yet. Comment <code>/workflow …</code> on an issue.</p>" : table,
  );
}

/** One run; reloads itself while it moves. */
export function runPage(run: RunData): string {
  const thread = run.url === null ? "" : ` · <a href="${escape(run.url)}">its comment</a>`;
  const where = `${escape(run.repository)}#${run.thread}`;
  const body = [
    `<p><span class="badge ${run.status}">${run.status}</span> <span class="quiet">${escape(run.id)} in ${where}${thread}</span></p>`,
    run.waiting === null ? "" : `<p><b>Waiting:</b> ${escape(run.waiting)}</p>`,
    facts(run),
    phases(run),
    team(run),
    run.logs.length === 0 ? "" : `<h2>Log</h2><pre>${escape(run.logs.join("\n"))}</pre>`,
  ].join("");
  return page(run.title, body, moves(run) ? '<meta http-equiv="refresh" content="3">' : "");
}

const moves = ({ status }: RunData): boolean =>
  ["planning", "running", "publishing"].includes(status);

function facts(run: RunData): string {
  const failed = run.team.filter(({ state }) => state === "failed").length;
  const all: [string, string][] = [
    [String(run.agents), failed === 0 ? "agents" : `agents, ${failed} failed`],
    [run.tokens.toLocaleString("en"), "tokens"],
    [money(run), "spent"],
    [`${Math.round(run.seconds)} s`, moves(run) ? "so far" : "in all"],
  ];
  const shown = all.map(([value, what]) => `<div><b>${value}</b><span>${what}</span></div>`);
  return `<div class="facts">${shown.join("")}</div>`;
}

function phases(run: RunData): string {
  const rows = run.phases.map(({ title, agents, done, failed }) => {
    const bar = agents === 0 ? "" : `<meter max="${agents}" value="${done}"></meter>`;
    const count = agents === 0 ? "no agent" : `${done} of ${agents}`;
    const loss = failed === 0 ? "" : `, ${failed} failed`;
    return `<tr><td>${escape(title)}</td><td>${bar}</td><td class="number">${count}${loss}</td></tr>`;
  });
  return `<table><tr><th>Phase</th><th></th><th class="number">Done</th></tr>${rows.join("")}</table>`;
}

function team(run: RunData): string {
  if (run.team.length === 0) return "";
  const rows = run.team.map(({ label, role, state, turns, tokens, reason }) => {
    const why = reason === null ? "" : ` <span class="quiet">${escape(reason)}</span>`;
    return (
      `<tr><td>${escape(label)}${why}</td><td class="quiet">${escape(role)}</td><td class="${state}">${state}</td>` +
      `<td class="number">${turns}</td><td class="number">${tokens.toLocaleString("en")}</td></tr>`
    );
  });
  const head =
    '<tr><th>Agent</th><th>Role</th><th>State</th><th class="number">Turns</th><th class="number">Tokens</th></tr>';
  return `<h2>Agents</h2><table>${head}${rows.join("")}</table>`;
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
