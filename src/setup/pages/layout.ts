// The frame around every page of the set-up: where one is, one style sheet inside, no script. Pure.

import { createHash } from "node:crypto";

import { html, raw } from "hono/html";

export { html };
export type Html = ReturnType<typeof html>;
export const nothing: Html = raw("");

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif;
  --line: light-dark(#d1d9e0, #3d444d); --soft: light-dark(#f6f8fa, #151b23); --quiet: light-dark(#59636e, #9198a1);
  --link: light-dark(#0969da, #4493f8); --go: light-dark(#1a7f37, #238636); --bad: light-dark(#cf222e, #f85149); --good: light-dark(#1a7f37, #3fb950);
  --bad-soft: light-dark(#ffebe9, #2b1718); --note-soft: light-dark(#fff8c5, #272115); --note: light-dark(#9a6700, #d29922); }
* { box-sizing: border-box; }
body { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; background: light-dark(#fff, #0d1117); color: light-dark(#1f2328, #f0f6fc); }
h1 { font-size: 1.7rem; line-height: 1.25; font-weight: 600; margin: 1.4rem 0 .6rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; font-weight: 600; margin: 1.8rem 0 .5rem; }
a { color: var(--link); } .quiet { color: var(--quiet); font-size: .9rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace; font-size: .88em; overflow-wrap: anywhere; }
code { background: var(--soft); border-radius: .3rem; padding: .1em .35em; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; padding: .7rem .9rem; white-space: pre-wrap; margin: .5rem 0 1rem; }
.steps { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; list-style: none; padding: 0 0 .8rem; margin: 0; border-bottom: 1px solid var(--line); color: var(--quiet); font-size: .9rem; }
.steps li { display: flex; align-items: center; gap: .45rem; }
.steps b { display: inline-grid; place-items: center; width: 1.5rem; height: 1.5rem; border-radius: 50%; border: 1px solid var(--line); font-size: .8rem; font-weight: 600; }
.steps [aria-current] { color: light-dark(#1f2328, #f0f6fc); font-weight: 600; } .steps [aria-current] b { background: var(--link); border-color: var(--link); color: light-dark(#fff, #0d1117); }
.steps .done b { color: var(--good); border-color: var(--good); }
.explained li { margin: .3rem 0; }
.field { margin: 1.3rem 0; } .field > label, legend { display: block; font-weight: 600; padding: 0; } fieldset { border: 0; padding: 0; margin: 1.3rem 0; min-width: 0; }
.hint { color: var(--quiet); font-size: .9rem; margin: .1rem 0 .4rem; } .choice { display: flex; gap: .5rem; margin: .35rem 0; } .choice .quiet { font-size: inherit; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
input[type=text], input[type=url] { width: 100%; font: inherit; color: inherit; background: light-dark(#fff, #0d1117); border: 1px solid light-dark(#818b98, #656c76); border-radius: .4rem; padding: .5rem .7rem; }
input[aria-invalid=true] { border-color: var(--bad); } .mistake { color: var(--bad); font-size: .9rem; margin: .3rem 0 0; }
button, .button { display: inline-block; font: inherit; font-weight: 600; color: #fff; background: var(--go); border: 1px solid transparent; border-radius: .4rem; padding: .5rem 1.1rem; cursor: pointer; text-decoration: none; }
.second { color: var(--link); background: none; border-color: var(--line); } .actions { display: flex; flex-wrap: wrap; gap: .8rem; align-items: center; margin: 1.6rem 0; } .actions form { margin: 0; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.box { border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; margin: 1rem 0; } .box > :first-child { margin-top: 0; } .box > :last-child { margin-bottom: 0; }
.bad { border-color: var(--bad); background: var(--bad-soft); } .note { border-color: var(--note); background: var(--note-soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.2rem; } dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); font-weight: 400; } thead th { color: var(--quiet); font-size: .85rem; }
footer { margin-top: 3rem; padding-top: .8rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: .85rem; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .6rem; } }`;

const STEPS = ["Name it", "Create it at GitHub", "Install it", "Start the bot"] as const;

export interface Page {
  title: string;
  /** Counts from 1; null for a page that stands beside the way. */
  step: 1 | 2 | 3 | 4 | null;
  main: Html;
  /** Where else than here its form leads. */
  formsTo?: string;
}

export function layout({ title, step, main }: Page): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Fanfold</title>
        <link rel="icon" href="data:," />
        ${raw(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <header>${step === null ? nothing : steps(step)}</header>
        <main>
          <h1>${title}</h1>
          ${main}
        </main>
        <footer>
          Served by <code>fanfold setup</code> on your own machine. It loads nothing from elsewhere
          and keeps nothing but the file of variables.
        </footer>
      </body>
    </html>`;
}

function steps(current: number): Html {
  return html`<ol class="steps" aria-label="Steps of the set-up">
    ${STEPS.map((name, index) => {
      const number = index + 1;
      if (number === current) return html`<li aria-current="step"><b>${number}</b>${name}</li>`;
      return number < current
        ? html`<li class="done">
            <b aria-hidden="true">✓</b><span>${name}<span class="unseen">, done</span></span>
          </li>`
        : html`<li><b>${number}</b>${name}</li>`;
    })}
  </ol>`;
}

/** Nothing is loaded, no script runs, no frame shows the page, and its forms lead where it says. */
export function headersFor({ formsTo = "" }: Page): Record<string, string> {
  const style = createHash("sha256").update(STYLE).digest("base64");
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${style}'`,
    "img-src data:",
    `form-action 'self' ${formsTo}`.trim(),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    // GitHub learns where the form came from, and nothing of the address's key.
    "referrer-policy": "strict-origin",
    "cross-origin-opener-policy": "same-origin",
  };
}
