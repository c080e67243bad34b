// Who touched some lines last: by the lines and not by the file, as blame tells it.

import { expect, it } from "vitest";

import { openBench } from "./kit.ts";

it("names the commit of the lines asked for, and none where there are no such lines", async () => {
  await using bench = await openBench({ "a.txt": "one\ntwo\nthree\n" });
  const { base, hub, mirror } = bench;
  const later = hub.commit("main", { "a.txt": "one\ntwo\nTHREE\n" });
  await mirror.fetch("main");
  const of = (from: number, to: number, path = "a.txt") =>
    mirror.lastChange(later, { path, from, to });
  expect(await of(1, 2)).toBe(base);
  expect(await of(3, 3)).toBe(later);
  expect(await of(8, 9)).toBeNull();
  expect(await of(1, 1, "b.txt")).toBeNull();
});
