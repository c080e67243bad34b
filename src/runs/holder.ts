// As whom this process drives runs: the data folder's own name, kept in it, and a name of the process.

import { z } from "zod";

import { type Disk, textAt } from "../world/disk.ts";
import type { Holder } from "./lease.ts";

export interface HolderWorld {
  disk: Pick<Disk, "read" | "replace">;
  random: () => number;
}

const FILE = "owner";
const Name = z.string().regex(/^[0-9a-f]{32}$/u);

/**
 * Asked for again after a refusal of the disk; a name that was given once stays. Several runs that begin at once ask together:
 * a folder gets one name.
 */
export function openHolder(
  { disk, random }: HolderWorld,
  { ttlMs, guard }: Pick<Holder, "ttlMs" | "guard">,
): () => Promise<Holder> {
  const process = nameFrom(random);
  let asked: Promise<string> | null = null;
  return async () => {
    asked ??= ownerOf(disk, random);
    const asking = asked;
    try {
      return { owner: await asking, process, ttlMs, guard };
    } catch (error) {
      if (asked === asking) asked = null;
      throw error;
    }
  };
}

async function ownerOf(disk: HolderWorld["disk"], random: () => number): Promise<string> {
  const kept = Name.safeParse((await textAt(disk, FILE))?.trim());
  if (kept.success) return kept.data;
  const owner = nameFrom(random);
  await disk.replace(FILE, `${owner}\n`);
  return owner;
}

/** 128 bits as hexadecimal digits. */
function nameFrom(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16));
  return digits.join("");
}
