// `fanfold check`: what someone sees who checks scripts before saving them.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { fanfold } from "./run.ts";

const GOOD = "export const meta = { name: 'good', description: 'y' }\nreturn await agent('a')\n";
const BAD =
  "export const meta = { name: 'bad', description: 'y' }\nlog('é', Date.now())\nbash('ls')\n";

describe("fanfold check", () => {
  let folder = "";
  const at = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "fanfold-"));
    await writeFile(at("good.js"), GOOD);
    await writeFile(at("bad.js"), BAD);
    await writeFile(at("notes.md"), "no script");
    await writeFile(at("binary.js"), new Uint8Array([0xff, 0xfe, 0x00]));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("passes a script with its name and a summary, and exits with 0", async () => {
    expect(await fanfold("check", at("good.js"))).toEqual({
      status: 0,
      printed: `✓ ${at("good.js")}  good\n✓ 1 script checked: all pass.`,
      complained: "",
    });
  });

  it("shows an error with its place, its line, carets and what to do, and exits with 1", async () => {
    const { status, printed } = await fanfold("check", at("bad.js"));
    expect(status).toBe(1);
    expect(printed).toContain(
      [
        "error: Date.now() / new Date() are unavailable in workflow scripts (breaks resume)",
        ` --> ${at("bad.js")}:2:10`,
        "  |",
        "2 | log('é', Date.now())",
        "  |          ^^^^^^^^^^",
        "  = help: pass a timestamp in `args` and use `new Date(args.…)`",
      ].join("\n"),
    );
    expect(printed).toContain("note: `bash` is declared nowhere");
    expect(printed).toContain("✗ 1 script checked: 1 refused, 1 error, 1 note.");
  });

  it("takes folders and globs, each script once", async () => {
    const { printed } = await fanfold("check", folder, at("*.js"), at("g*.js"), "--json");
    const verdicts: unknown = JSON.parse(printed);
    expect(verdicts).toMatchObject([
      { file: at("bad.js"), ok: false, problems: [{ line: 2 }], notes: [{ line: 3, column: 1 }] },
      {
        file: at("binary.js"),
        ok: false,
        problems: [{ message: expect.stringContaining("UTF-8") }],
      },
      { file: at("good.js"), ok: true, meta: { name: "good" }, problems: [], notes: [] },
    ]);
  });

  it("fails with a sentence where there is nothing to check", async () => {
    for (const [name, sentence] of [
      ["none.js", "there is no such file"],
      ["x/*.js", "No script matches"],
    ] as const) {
      const { status, printed } = await fanfold("check", at("good.js"), at(name));
      expect(status).toBe(1);
      expect(printed).toContain(`${at(name)}: `);
      expect(printed).toContain(sentence);
    }
  });

  it("asks for a file and explains itself", async () => {
    expect(await fanfold("check")).toMatchObject({
      status: 1,
      complained: expect.stringContaining("missing required argument 'file'"),
    });
    const { printed } = await fanfold("check", "--help");
    expect(printed).toContain("[{ file, ok, meta?, problems, notes }]");
  });

  it("runs as the program it is, without colours in a pipe", async () => {
    const cli = new URL("../../bin/fanfold.js", import.meta.url).pathname;
    const ran = promisify(execFile)(process.execPath, [cli, "check", at("bad.js")]);
    await expect(ran).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^error: Date\.now/),
    });
  });

  it("says which Node it needs on one that cannot read the rest", async () => {
    const bin = new URL("../../bin/fanfold.js", import.meta.url).href;
    const old = "Object.defineProperty(process, 'versions', { value: { node: '20.1.0' } });";
    const load = `${old} await import(${JSON.stringify(bin)});`;
    const ran = promisify(execFile)(process.execPath, ["--input-type=module", "-e", load]);
    await expect(ran).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^fanfold needs Node 24 or newer; this is 20\.1\.0\. /),
    });
  });
});
