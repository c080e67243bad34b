// A checkpoint that cannot be opened, and nothing of its run on this disk: its thread hears why nothing goes on.

import { z } from "zod";

import { RemoteError } from "../repo/remote.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { ForgeError } from "../world/forge-error.ts";
import type { House } from "./house.ts";
import { RECORD_FILE } from "./manifest.ts";
import { runMarker, stateRefOf } from "./names.ts";
import type { SealBroken } from "./seal.ts";
import { troubleMarker } from "./trouble.ts";

/** All that is taken from a record that nobody vouches for. */
const Named = z.object({ id: z.string(), thread: z.int().positive() });

/**
 * Says so once, in the thread that holds a comment of this App on the run: in no other one, whatever somebody wrote into the
 * record. When that fails, the log has it.
 */
export async function tellUnreadable(
  house: House,
  { ref, id }: { ref: RepositoryRef; id: string },
  broken: SealBroken,
): Promise<void> {
  try {
    const thread = await threadOf(house, { ref, id });
    if (thread === null) return;
    const forge = await house.world.openForge(ref);
    const marker = troubleMarker(id);
    if ((await forge.findComment(thread, runMarker(id))) === null) return;
    if ((await forge.findComment(thread, marker)) !== null) return;
    const body = `${marker}\n⚠️ Run \`${id}\` does not go on: ${broken.message}\n\nIts branches and pull requests stand as they were. It is looked at again when the bot starts, and when its checkpoint moves.`;
    await forge.createComment(thread, body);
  } catch (error) {
    if (!(error instanceof ForgeError) && !(error instanceof RemoteError)) throw error;
    const consequence = "could not say in the thread that a run's checkpoint cannot be read";
    house.world.log.warn({ run: id, error: error.message }, consequence);
  }
}

async function threadOf(
  house: House,
  { ref, id }: { ref: RepositoryRef; id: string },
): Promise<number | null> {
  const { mirror } = await house.site(ref);
  const commit = await mirror.fetch(stateRefOf(id));
  if (commit === null) return null;
  const bytes = (await mirror.readFiles(commit)).get(RECORD_FILE);
  const named = Named.safeParse(parsed(bytes));
  return named.success && named.data.id === id ? named.data.thread : null;
}

function parsed(bytes: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(bytes ?? []).toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
