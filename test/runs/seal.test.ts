import { describe, expect, it } from "vitest";

import { openSeal, SealBroken } from "../../src/runs/seal.ts";

const secret = "a secret of the installation, long enough";
const plain = Buffer.from("what agents found\n".repeat(200));

describe("the seal of a checkpoint", () => {
  it("gives back what was sealed and shows none of it", () => {
    const seal = openSeal(secret, "wf-a");
    const sealed = seal.seal("journal/000001", plain);
    expect(Buffer.from(seal.open("journal/000001", sealed))).toEqual(plain);
    expect(Buffer.from(sealed).includes("what agents found")).toBe(false);
  });

  it("refuses a segment that was moved to another place or another run", () => {
    const seal = openSeal(secret, "wf-a");
    const sealed = seal.seal("journal/000001", plain);
    expect(() => seal.open("journal/000002", sealed)).toThrow(SealBroken);
    expect(() => openSeal(secret, "wf-b").open("journal/000001", sealed)).toThrow(SealBroken);
  });

  it("refuses a changed byte, wherever it is, and says which key to start with", () => {
    const seal = openSeal(secret, "wf-a");
    const sealed = seal.seal("journal/000001", plain);
    for (const at of [0, 5, 20, 40, sealed.length - 1]) {
      const changed = Uint8Array.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => seal.open("journal/000001", changed), `byte ${at}`).toThrow(SealBroken);
    }
    expect(() => openSeal("another secret", "wf-a").open("journal/000001", sealed)).toThrow(
      /FANFOLD_CHECKPOINT_KEY/,
    );
  });

  it("opens with any of the keys, and seals with the newest", () => {
    const old = openSeal(secret, "wf-a").seal("journal/000001", plain);
    const changed = openSeal(["the new secret of the installation", secret], "wf-a");
    expect(Buffer.from(changed.open("journal/000001", old))).toEqual(plain);
    const fresh = changed.seal("journal/000002", plain);
    const later = openSeal("the new secret of the installation", "wf-a");
    expect(Buffer.from(later.open("journal/000002", fresh))).toEqual(plain);
    expect(() => later.open("journal/000001", old)).toThrow(SealBroken);
    expect(() => openSeal(secret, "wf-a").open("journal/000002", fresh)).toThrow(SealBroken);
  });

  it("seals the same text differently each time", () => {
    const seal = openSeal(secret, "wf-a");
    expect(Buffer.from(seal.seal("p", plain))).not.toEqual(Buffer.from(seal.seal("p", plain)));
  });
});
