// Attacks by what stands in a tree and by moving refs, through the doors that agents and the publisher use.

import { describe, expect, test } from "vitest";
import { z } from "zod";

import { PathRefused } from "../../src/repo/contract.ts";
import { isOurBranch } from "../../src/repo/refs.ts";
import { type AttackCase, attacksOf } from "../attacks/load.ts";
import { type Content, commitOf, openBench } from "./kit.ts";

const Input = z.object({
  op: z.enum(["read", "write"]),
  path: z.string(),
  mode: z.string().optional(),
  mode_change: z.string().optional(),
  base_tree: z.record(z.string(), z.string()).optional(),
});

/** `mode 120000 -> target` or `120000 -> target`: a link. */
function treeOf(entries: Record<string, string> = {}): Record<string, Content> {
  const links = Object.entries(entries).map(([path, text]): [string, Content] => {
    const target = /120000 -> (.+)$/.exec(text)?.[1];
    if (target === undefined) throw new Error(`${text} is no link.`);
    return [path, { link: target }];
  });
  return { "README.md": "read me\n", "run.sh": "echo\n", ...Object.fromEntries(links) };
}

/** What came of it: refused with nothing changed, what was read, or the mode of the file that was written. */
async function attack({ input }: AttackCase): Promise<unknown> {
  const { op, path, base_tree: entries } = Input.parse(input);
  await using bench = await openBench(treeOf(entries));
  const { overlay, mirror, base } = bench;
  if (op === "read") return await overlay.read(path);
  try {
    await overlay.write(path, "x\n");
  } catch (error) {
    if (!(error instanceof PathRefused)) throw error;
    return (await overlay.edits()).length === 0 ? "refused" : "refused, and changed something";
  }
  const [made] = await overlay.edits();
  const text = made !== undefined && "content" in made ? made.content : "";
  const head = await commitOf(mirror, base, { [path]: text });
  const entry = (await (await mirror.snapshot(head)).entries()).find((one) => one.path === path);
  return entry?.mode;
}

/** Nobody can say a mode: what is written is a plain file, and a file keeps the mode it had. */
function expectedOf({ input, outcome }: AttackCase): unknown {
  const { op, path, mode, base_tree: entries } = Input.parse(input);
  if (op === "read") return { kind: "link", target: /-> (.+)$/.exec(entries?.[path] ?? "")?.[1] };
  return outcome === "refuse" && mode === undefined ? "refused" : "100644";
}

describe("trees", () => {
  for (const one of attacksOf("path.jsonl", "tree_modes")) {
    test(`${one.id}: ${one.expected}`, async () =>
      expect(await attack(one)).toEqual(expectedOf(one)));
  }

  for (const { id, expected, input } of attacksOf("path.jsonl", "path_collision")) {
    test(`${id}: ${expected}`, async () => {
      const { paths } = z.object({ paths: z.tuple([z.string(), z.string()]) }).parse(input);
      const [standing, twin] = paths;
      await using bench = await openBench({ [standing]: "x\n" });
      await expect(bench.overlay.write(twin, "y\n")).rejects.toThrow(PathRefused);
      await bench.overlay.write(standing, "y\n");
    });
  }
});

describe("refs", () => {
  for (const { id, expected, input } of attacksOf("ref.jsonl", "no_force_no_delete")) {
    test(`${id}: ${expected}`, async () => {
      const { op, ref } = z.object({ op: z.string(), ref: z.string() }).parse(input);
      await using bench = await openBench({ "a.txt": "x\n" });
      const { mirror, hub, base } = bench;
      const name = `refs/heads/${ref}`;
      if (ref !== "main") hub.git("update-ref", name, base);
      const other = await commitOf(mirror, base, { "a.txt": "y\n" });
      const seen = await commitOf(mirror, base, { "a.txt": "z\n" });
      // Whoever saw another state than the ref has moves and deletes nothing.
      const to = op === "delete_ref" ? null : other;
      expect(await mirror.push([{ ref: name, from: seen, to }])).toEqual({
        kind: "stale",
        refs: [name],
      });
      expect(hub.git("rev-parse", name).trim()).toBe(base);
      expect(isOurBranch(ref)).toBe(ref !== "main");
    });
  }
});
