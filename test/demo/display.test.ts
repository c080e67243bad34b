// What repositories and models wrote reaches the terminal as text: no colours, no cursor, no turned-around lines.

import { Writable } from "node:stream";

import fc from "fast-check";
import { expect, it } from "vitest";

import type { RunData } from "../../src/dashboard/run-data.ts";
import { openDisplay, renderLine, renderRun } from "../../src/demo/display.ts";
import { plainJson, plainText } from "../../src/demo/terminal-text.ts";

const EVIL = "\u001b]0;owned\u0007\u001b[2J\u009b31mfix\r\nrm -rf\u202e txt.exe";

const run: RunData = {
  id: "wf-1",
  status: "running",
  statusDetail: null,
  workflow: EVIL,
  title: EVIL,
  repository: "acme/site",
  thread: 1,
  url: null,
  phases: [{ title: EVIL, agents: 2, done: 1, failed: 0 }],
  agents: 2,
  tokens: 10,
  costUsd: 0,
  seconds: 1,
  waiting: EVIL,
  logs: [],
  running: [{ label: EVIL, role: EVIL, turns: 1 }],
  team: [],
  callsEnded: 1,
};

const OWN_COLOUR = new RegExp(String.raw`\x1b\[\d+m`, "g");

/** Everything but text and line breaks; the colours of the display itself are taken out before. */
const orders = (text: string): string[] =>
  text.replaceAll(OWN_COLOUR, "").match(/[^\n\P{C}]/gu) ?? [];

it("shows a run without a single order of somebody else's", () => {
  for (const shown of [renderRun(run), renderLine(run)]) {
    expect(orders(shown)).toEqual([]);
    expect(shown).toContain("fix rm -rf txt.exe");
  }
});

it("says a line without a single order of somebody else's", () => {
  const written: string[] = [];
  const stream = Object.assign(
    new Writable({
      write: (chunk, _, done) => {
        written.push(String(chunk));
        done();
      },
    }),
    { isTTY: false },
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the display only writes to it
  openDisplay(stream as unknown as NodeJS.WriteStream).say(EVIL);
  expect(written).toEqual(["31mfix\nrm -rf txt.exe\n"]);
});

it("leaves no order in any text, and loses nothing in JSON", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      expect(plainText(text)).not.toMatch(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u);
      const json = plainJson({ text });
      expect(json).not.toMatch(/[^\n\P{C}]/u);
      expect(JSON.parse(json)).toEqual({ text });
    }),
  );
});
