// People merge a pull request, as GitHub's button does.

import type { KeptPull } from "../../src/outside/memory/state.ts";
import type { Hub } from "../simulation/git/hub.ts";
import { openMemoryMirror } from "../simulation/git/mirror.ts";
import { lineOf } from "./memory-house.ts";

const author = { name: "A person", email: "person@example.invalid" };

export async function mergeInto(
  hub: Hub,
  { base, head }: Pick<KeptPull, "base" | "head">,
  { how, at }: { how: "merge" | "squash"; at: number },
): Promise<void> {
  const [ours, theirs] = [base, head].map((name) => hub.refs.get(`refs/heads/${name}`) ?? "");
  if (ours === undefined || theirs === undefined) throw new Error("A branch is missing.");
  const made = { message: "Merge", author, at };
  const mirror = openMemoryMirror(hub.objects, lineOf(hub, hub.objects));
  const folded = await mirror.fold({ ours, theirs, ...made });
  if (folded.kind !== "folded") throw new Error(`${head} cannot be merged: ${folded.kind}.`);
  const squashed = { tree: folded.tree, parents: [ours], ...made };
  hub.move(`refs/heads/${base}`, how === "merge" ? folded.commit : hub.objects.putCommit(squashed));
}
