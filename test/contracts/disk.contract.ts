// What every disk promises.

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type Disk, textAt, wholeLines } from "../../src/world/disk.ts";

export interface OpenedDisk {
  disk: Disk;
  close(): Promise<void>;
}

export function diskContract(name: string, open: () => Promise<OpenedDisk>): void {
  describe(`disk: ${name}`, () => {
    let opened: OpenedDisk;
    let disk: Disk;
    beforeEach(async () => {
      opened = await open();
      ({ disk } = opened);
    });
    afterEach(() => opened.close());

    it("knows nothing at first, and says so without failing", async () => {
      expect(await disk.read("a/b")).toBeNull();
      expect(await textAt(disk, "a/b")).toBeNull();
      expect(await disk.list("a")).toEqual([]);
      expect(await wholeLines(disk, "a/b")).toHaveLength(0);
      await disk.remove("a");
    });

    it("gives back bytes as they came, whole or added one after the other", async () => {
      const bytes = Uint8Array.from([0, 10, 255, 13]);
      await disk.replace("a/b/c", "old and longer");
      await disk.replace("a/b/c", bytes);
      await disk.append("a/d", bytes);
      await disk.append("a/d", "ü\n");
      expect(await disk.read("a/b/c")).toEqual(Buffer.from(bytes));
      expect(await disk.read("a/d")).toEqual(Buffer.concat([bytes, Buffer.from("ü\n")]));
      expect(await disk.list("a")).toEqual(["b", "d"]);
    });

    it("keeps what it was given, whatever becomes of the giver's buffer", async () => {
      const bytes = Buffer.from("mine");
      await disk.replace("a", bytes);
      await disk.append("b", bytes);
      bytes.fill(0);
      expect([await textAt(disk, "a"), await textAt(disk, "b")]).toEqual(["mine", "mine"]);
    });

    it("cuts off what a crash left of a line, for good", async () => {
      await disk.append("a/lines", "one\ntwo\nthr");
      expect((await wholeLines(disk, "a/lines")).toString()).toBe("one\ntwo\n");
      await disk.append("a/lines", "three\n");
      expect((await wholeLines(disk, "a/lines")).toString()).toBe("one\ntwo\nthree\n");
    });

    it("removes a folder with all in it, and not its namesakes", async () => {
      await disk.replace("a/b/c", "1");
      await disk.replace("a/bc", "2");
      await disk.remove("a/b");
      expect(await disk.list("a")).toEqual(["bc"]);
      await disk.remove("a/bc");
      expect(await disk.list("a")).toEqual([]);
    });
  });
}
