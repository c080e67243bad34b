// The border trusts nothing that comes out of an engine, even one that was taken over.

import { describe, expect, it } from "vitest";

import { createBorder } from "../../src/engine/sandbox/border.ts";
import { createLines } from "../../src/engine/sandbox/lines.ts";
import { createReader } from "../../src/engine/sandbox/reader.ts";
import { smallLimits } from "./drive.ts";

const asked = (id: number, more: object = {}): string =>
  JSON.stringify({
    kind: "asked",
    call: { id, step: "agent", input: {}, label: null, phase: null, ...more },
  });

describe("The border", () => {
  it.each([
    ["text that is not JSON", ["{"]],
    ["a kind there is not", ['{"kind":"publish"}']],
    ["a field there is not", [asked(0, { approved: true })]],
    ["a call out of order", [asked(1)]],
    ["a call asked twice", [asked(0), asked(0)]],
    ["a call after the end", ['{"kind":"returned","value":1}', asked(0)]],
    ["two ends", ['{"kind":"returned","value":1}', '{"kind":"returned","value":2}']],
    ["a key __proto__", ['{"kind":"returned","value":{"__proto__":{"admin":true}}}']],
    [
      "a key __proto__ in escapes",
      ['{"kind":"returned","value":{"\\u005f_proto__":{"admin":true}}}'],
    ],
    ["an input that is a list", [asked(0, { input: [] })]],
    ["an input that is nothing", [asked(0, { input: null })]],
    ["an end without its message", ['{"kind":"threw","name":"E","at":null}']],
    [
      "a place before the first line",
      ['{"kind":"threw","name":"E","message":"m","at":{"line":0,"column":1},"frames":[]}'],
    ],
  ])("refuses %s", (_, texts) => {
    expect(() => createBorder(smallLimits).read(texts)).toThrow(
      expect.objectContaining({ limit: "crash" }),
    );
  });

  it("refuses an answer to a call that is not open, and to one answered before", () => {
    const border = createBorder(smallLimits);
    border.read([asked(0)]);
    border.close(0);
    expect(() => border.close(0)).toThrow("not open");
    expect(() => border.close(7)).toThrow("not open");
  });

  it("reads brackets inside strings as text", () => {
    const value = `${"[".repeat(200)}"\\${"{".repeat(200)}`;
    const pumped = createBorder(smallLimits).read([JSON.stringify({ kind: "returned", value })]);
    expect(pumped.state).toEqual({ kind: "returned", value });
  });
});

describe("Lines", () => {
  it("are cut at line feeds alone, however the stream was cut", () => {
    const heard: (string | null)[] = [];
    const hear = createLines((line) => heard.push(line), 10);
    for (const chunk of ["a\u2028", "b\r", "c\nd", "\n\n", "e"]) hear(chunk);
    expect(heard).toEqual(["a\u2028b\rc", "d", ""]);
  });

  it("are refused once they are too long, also before they end", () => {
    const heard: (string | null)[] = [];
    const hear = createLines((line) => heard.push(line), 3);
    hear("1234\n");
    hear("12");
    hear("34");
    expect(heard).toEqual([null, null]);
  });
});

describe("What a child sends", () => {
  const hear = (...lines: string[]): string[][] => {
    const heard: string[][] = [];
    const read = createReader(smallLimits, ({ kind }, texts) => heard.push([kind, ...texts]));
    read(`${lines.join("\n")}\n`);
    return heard;
  };

  it("is put together from frames and the texts they announce", () => {
    const several = '{"kind":"pumped","texts":[0,2,0,1]}';
    const none = '{"kind":"pumped","texts":[0]}';
    expect(hear('{"kind":"ready"}', several, "a", "b", "c", none)).toEqual([
      ["ready"],
      ["pumped"],
      ["pumped", "a", "b"],
      ["pumped"],
      ["pumped", "c"],
      ["pumped"],
    ]);
  });

  it("is heard in parts where one answer is long, and measured as one", () => {
    const part = '{"kind":"part","texts":2}';
    const last = '{"kind":"pumped","texts":[1,0]}';
    expect(hear(part, "a", "b", part, "c", "d", last, "e")).toEqual([
      ["part", "a", "b"],
      ["part", "c", "d"],
      ["pumped", "e"],
      ["pumped"],
    ]);
    const many = [`{"kind":"part","texts":151}`, ...Array.from({ length: 151 }, () => "x")];
    expect(() => hear(...many, ...many)).toThrow(expect.objectContaining({ limit: "size" }));
    expect(() => hear(...many, '{"kind":"pumped","texts":[0]}', ...many)).not.toThrow();
  });

  it.each([
    ["a part without a text", "crash", ['{"kind":"part","texts":0}']],
    ["a text no frame announced", "crash", ['{"kind":"ready"}', "a"]],
    ["a frame there is not", "crash", ['{"kind":"publish"}']],
    ["a number of texts that is none", "crash", ['{"kind":"pumped","texts":[-1]}']],
    ["a frame that answers nothing", "crash", ['{"kind":"pumped","texts":[]}']],
    ["more texts than a stretch may have", "size", ['{"kind":"pumped","texts":[0,301]}']],
    [
      "a longer text than there may be",
      "size",
      ['{"kind":"pumped","texts":[1]}', "x".repeat(1e5 + 1)],
    ],
    [
      "more text than a stretch may have",
      "size",
      ['{"kind":"pumped","texts":[11]}', ...Array<string>(11).fill("x".repeat(1e5))],
    ],
  ])("is refused: %s", (_, limit, lines) => {
    expect(() => hear(...lines)).toThrow(expect.objectContaining({ limit }));
  });
});
