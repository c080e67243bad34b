// How a run that threw tells its end.

import { describe, expect, it } from "vitest";

import { Diverged, ScriptError } from "../../src/engine/errors.ts";
import { RemoteError } from "../../src/repo/remote.ts";
import { version } from "../../src/config/version.ts";
import { divergedEnding } from "../../src/runs/diverged.ts";
import { endingOfError } from "../../src/runs/ending.ts";

const at = { line: 3, column: 5 };

describe("a push that the host refuses", () => {
  it("is told in the host's words, and with nothing of this machine", () => {
    const said = [
      "git push was refused:",
      "! abc:refs/heads/fanfold/wf-1/w [remote rejected] (GH013: rule violations)",
      "remote: - Cannot create ref due to creations being restricted.",
      "fatal: /data/mirrors/1/2.git is somewhere",
    ].join("\n");
    const refused = new RemoteError(said, { transient: false });
    const { status, detail } = endingOfError(refused, true) ?? {};
    expect(status).toBe("failed");
    expect(detail).toMatch(/GH013.*creations being restricted.*`\/workflow retry`/s);
    expect(detail).not.toContain("/data/mirrors");
    const ours = new RemoteError("fatal: /data is full", { transient: false });
    expect(endingOfError(ours)).toBeNull();
  });
});

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

describe("a journal that its script does not fit any more", () => {
  const record = (begunBy: string | null) => ({ id: "wf-a", begunBy });
  const error = new Diverged("The journal holds an outcome (agent a.1) that is not asked for now.");

  it("names the version that began the run and this one, and how nothing is paid for twice", () => {
    const { status, detail } = divergedEnding(error, record("0.0.1"), true);
    expect(status).toBe("failed");
    expect(detail).toContain(`begun by Fanfold 0.0.1, and this is Fanfold ${version}`);
    expect(detail).toContain("agent a.1");
    expect(detail).toContain("Finished work is on the branches above");
    expect(detail).toContain("`/workflow retry wf-a`");
  });

  it("does not blame a version that began the run itself, and knows of those that did not say", () => {
    const { detail } = divergedEnding(error, record(version), false);
    expect(detail).toContain(`the same Fanfold (${version})`);
    expect(detail).toContain("Nothing was changed.");
    expect(divergedEnding(error, record(null), false).detail).toContain("an older Fanfold");
  });
});
