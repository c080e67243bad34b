// What holds for every sequence of edits, not only for those somebody thought of.

import { isDeepStrictEqual } from "node:util";

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { EditRefused, PathRefused, type Overlay, type Readable } from "../../src/repo/contract.ts";
import { AT, AUTHOR, openBench } from "./kit.ts";

const BASE = {
  "a.txt": "one\ntwo\nthree\n",
  "dir/b.txt": "b\n",
  "dir/sub/c.txt": "c\r\nd\r\n",
  "ü ö.txt": "umlaut",
  "run.sh": { executable: "#!/bin/sh\n" },
};

const path = fc.constantFrom(
  ...Object.keys(BASE),
  "new.txt",
  "dir/new.txt",
  "dir",
  "a.txt/below",
  "dir/sub",
  'q "q".txt',
);
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc
    .array(fc.constantFrom("one", "two", "x", ""), { maxLength: 5 })
    .map((lines) => lines.join("\n")),
  fc.constantFrom("", "\n", "\r\n", "a\r\nb", "\ufeffbom"),
);
type Action =
  | { kind: "write"; path: string; text: string }
  | { kind: "edit"; path: string; from: string; to: string }
  | { kind: "move"; path: string; to: string }
  | { kind: "remove"; path: string };
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant("write" as const), path, text }),
  fc.record({
    kind: fc.constant("edit" as const),
    path,
    from: fc.constantFrom("one", "b", "c", "u", "\n"),
    to: text,
  }),
  fc.record({ kind: fc.constant("move" as const), path, to: path }),
  fc.record({ kind: fc.constant("remove" as const), path }),
);

let bench: Awaited<ReturnType<typeof openBench>>;
beforeAll(async () => {
  bench = await openBench(BASE);
});
afterAll(() => bench[Symbol.asyncDispose]());

/** Does what can be done; a refusal changes nothing. */
async function apply(overlay: Overlay, actions: readonly Action[]): Promise<void> {
  for (const one of actions) {
    const before = await contentOf(overlay);
    try {
      if (one.kind === "write") await overlay.write(one.path, one.text);
      else if (one.kind === "edit") await overlay.edit(one.path, one.from, one.to);
      else if (one.kind === "move") await overlay.move(one.path, one.to);
      else await overlay.remove(one.path);
    } catch (error) {
      if (!(error instanceof EditRefused) && !(error instanceof PathRefused)) throw error;
      if (!isDeepStrictEqual(await contentOf(overlay), before)) {
        throw new Error(`Refused, and changed something: ${JSON.stringify(one)}`, { cause: error });
      }
    }
  }
}

async function contentOf(readable: Readable): Promise<Map<string, unknown>> {
  const paths = await readable.paths();
  return new Map(
    await Promise.all(paths.map(async (name) => [name, await readable.read(name)] as const)),
  );
}

const commit = (parent: string, edits: Awaited<ReturnType<Overlay["edits"]>>): Promise<string> =>
  bench.mirror.commit({ parent, edits, message: "m", author: AUTHOR, at: AT });

describe("for any edits", () => {
  test("the commit holds exactly what the overlay showed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
        const overlay = bench.mirror.overlay(await bench.mirror.snapshot(bench.base));
        await apply(overlay, actions);
        const head = await commit(bench.base, await overlay.edits());
        expect(await contentOf(await bench.mirror.snapshot(head))).toEqual(
          await contentOf(overlay),
        );
      }),
      { numRuns: 40 },
    );
  });

  test("the diff names exactly the files whose content or place changed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 8 }), async (actions) => {
        const { mirror, base } = bench;
        const overlay = mirror.overlay(await mirror.snapshot(base));
        await apply(overlay, actions);
        const edits = await overlay.edits();
        const diff = await mirror.diff(base, await commit(base, edits));
        const named = diff.flatMap((file) => [
          file.path,
          ...(file.oldPath === null ? [] : [file.oldPath]),
        ]);
        expect(new Set(named)).toEqual(new Set(edits.map((edit) => edit.path)));
      }),
      { numRuns: 25 },
    );
  });

  test("folding changes of different files equals making both", async () => {
    const names = ["p1.txt", "p2.txt", "deep/p3.txt", "deep/er/p4.txt", "a.txt", "dir/b.txt"];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(names, { minLength: 2 }),
        fc.nat(),
        fc.array(text, { minLength: 6, maxLength: 6 }),
        async (chosen, cut, texts) => {
          const { mirror, base } = bench;
          // The index keeps contents apart, so that git takes none for a rename of another.
          const edits = chosen.map((name, i) => ({
            path: name,
            content: `${i}\n${texts[i]}\n${i}\n`,
          }));
          const at = 1 + (cut % (edits.length - 1));
          const [ours, theirs, both] = await Promise.all([
            commit(base, edits.slice(0, at)),
            commit(base, edits.slice(at)),
            commit(base, edits),
          ]);
          const folded = await mirror.fold({ ours, theirs, message: "m", author: AUTHOR, at: AT });
          expect(folded).toMatchObject({ kind: "folded", tree: await mirror.tree(both) });
        },
      ),
      { numRuns: 20 },
    );
  });
});
