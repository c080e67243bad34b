// How a run that threw tells its end.

import { describe, expect, it } from "vitest";

import { ScriptError } from "../../src/engine/errors.ts";
import { endingOfError } from "../../src/runs/ending.ts";

const at = { line: 3, column: 5 };

describe("a script that threw", () => {
  it("is told with its place and the calls that led there", () => {
    const frames = [
      { name: "parse", ...at },
      { name: null, line: 9, column: 1 },
    ];
    const { status, detail } = endingOfError(new ScriptError("Boom", at, frames)) ?? {};
    expect(status).toBe("failed");
    expect(detail).toContain("The script threw at line 3, column 5:");
    expect(detail).toContain("Boom\n    in parse, line 3, column 5\n    at line 9, column 1\n");
    expect(detail).toContain("Nothing was changed.");
  });

  it("is told without what its place says already", () => {
    const { detail } = endingOfError(new ScriptError("Boom", at, [{ name: null, ...at }])) ?? {};
    expect(detail?.match(/line 3/g)).toHaveLength(1);
  });

  it("cannot leave its block, whatever its functions are called", () => {
    const frames = [{ name: "```\n@ada", ...at }];
    const { detail } = endingOfError(new ScriptError("```", at, frames)) ?? {};
    expect(detail).toMatch(/^`{4,}\n/m);
  });
});
