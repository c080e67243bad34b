// Time and chance come through the ports: a simulated world could not move what asks the machine itself.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { beforeAll, describe, expect, it } from "vitest";

import { allowed } from "../../scripts/own-time/allowed.ts";
import { isIn, mayAsk, type OwnTimeOf, ownTimeBelow } from "../../scripts/own-time/house.ts";
import { asked, askedWithNothing, whole } from "../../scripts/own-time/names.ts";

const fixtures = fileURLToPath(new URL("fixtures/own-time", import.meta.url));
const src = fileURLToPath(new URL("../../src", import.meta.url));

interface Line {
  file: string;
  line: number;
  text: string;
  promised: string[];
}

/** Every line of a fixture, with what it says is to be found on it. */
function linesOf(file: string): Line[] {
  return readFileSync(join(fixtures, file), "utf8")
    .split("\n")
    .map((whole, index) => {
      const [text = "", promised] = whole.split(" // found: ");
      return { file, line: index + 1, text, promised: promised?.split(" + ") ?? [] };
    });
}

const lines = ["time.ts", "sleep.ts", "chance.ts", "detours.ts"].flatMap(linesOf);
const broken = lines.filter(({ promised }) => promised.length > 0);

describe("on files that are broken on purpose", () => {
  let found: OwnTimeOf[];
  beforeAll(async () => {
    ({ found } = await ownTimeBelow(fixtures));
  });
  const on = ({ file, line }: Pick<Line, "file" | "line">): string[] =>
    found.filter((each) => each.file === file && each.line === line).map(({ what }) => what);

  it.each(broken)("$file:$line is found: $text", (line) => {
    expect(on(line).toSorted()).toEqual(line.promised.toSorted());
  });

  it("nothing else is found, and nothing in a file that keeps to the rule", () => {
    const unpromised = found.filter(
      ({ file, line }) => !broken.some((each) => each.file === file && each.line === line),
    );
    expect(unpromised).toEqual([]);
  });

  it("every name of the rule is found at least once", () => {
    const promised = new Set(broken.flatMap((line) => line.promised));
    const short = (name: string): string => name.slice(name.indexOf(".") + 1);
    const names = [
      ...asked,
      ...askedWithNothing,
      ...[...whole].map((name) => `${short(name)}, handed on`),
    ];
    expect(names.filter((name) => !promised.has(name))).toEqual([]);
  });
});

describe("in the house", () => {
  let files: number;
  let found: OwnTimeOf[];
  beforeAll(async () => {
    ({ files, found } = await ownTimeBelow(src));
  });

  it("nothing asks the machine but where the machine itself is meant", () => {
    expect(files).toBeGreaterThan(900);
    expect(found.filter((each) => !mayAsk(each))).toEqual([]);
  });

  it.each(allowed.flatMap((each) => each.files.map((file) => ({ ...each, file }))))(
    "$file is allowed only what it asks",
    ({ file, may }) => {
      const asks = new Set(found.filter((each) => isIn(each.file, file)).map(({ what }) => what));
      expect(asks.size).toBeGreaterThan(0);
      const named = may === "anything" ? [] : may;
      expect(named.filter((what) => !asks.has(what))).toEqual([]);
    },
  );

  it("an allowance is of its file and of what it names", () => {
    const at = { file: "repo/lock.ts", line: 1 };
    expect(mayAsk({ ...at, what: "crypto.randomUUID" })).toBe(true);
    expect(mayAsk({ ...at, what: "DateConstructor.now" })).toBe(false);
    expect(mayAsk({ ...at, file: "repo/block.ts", what: "crypto.randomUUID" })).toBe(false);
  });
});
