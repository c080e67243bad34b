// What a later version of Fanfold would leave in a repository, written with the same key.

import { execFileSync } from "node:child_process";

import { z } from "zod";

import { digestOf } from "../../src/runs/kept-agents.ts";
import { stateRefOf } from "../../src/runs/names.ts";
import { openSeal } from "../../src/runs/seal.ts";
import { SECRET, type Stage } from "./stage.ts";

const WHO = ["-c", "user.name=newer", "-c", "user.email=newer@fanfold.invalid"];

const Manifest = z.looseObject({ digests: z.record(z.string(), z.string()) });

/** The run's checkpoint moves on to one whose record is this text. */
export function pushRecord({ world }: Stage, id: string, change: (record: string) => string): void {
  const git = (args: readonly string[], input: string | Uint8Array = ""): Buffer =>
    execFileSync("git", ["--git-dir", world.gitDir, ...WHO, ...args], { input });
  const blobOf = (bytes: string | Uint8Array): string =>
    git(["hash-object", "-w", "--stdin"], bytes).toString().trim();
  const ref = stateRefOf(id);
  const seal = openSeal(SECRET, id);
  const record = change(git(["cat-file", "blob", `${ref}:run.json`]).toString());
  const sealed = seal.open("manifest", git(["cat-file", "blob", `${ref}:manifest`]));
  const manifest = Manifest.parse(JSON.parse(Buffer.from(sealed).toString()));
  manifest.digests["run.json"] = digestOf(record);
  const fresh = new Map([
    ["run.json", blobOf(record)],
    ["manifest", blobOf(seal.seal("manifest", Buffer.from(JSON.stringify(manifest))))],
  ]);
  const lines = git(["ls-tree", ref]).toString().trimEnd().split("\n");
  const tree = lines.map((line) => {
    const [head = "", name = ""] = line.split("\t");
    const oid = fresh.get(name);
    return oid === undefined ? line : `${head.split(" ").slice(0, 2).join(" ")} ${oid}\t${name}`;
  });
  const made = git(["mktree"], `${tree.join("\n")}\n`)
    .toString()
    .trim();
  const commit = git(["commit-tree", made, "-p", ref, "-m", "newer"]).toString().trim();
  git(["update-ref", ref, commit]);
}
