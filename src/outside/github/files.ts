// Single files of the default branch, for settings: read through the API, so that a question costs no fetch.

import { z } from "zod";

import type { Forge } from "../../world/forge.ts";
import { ForgeError } from "../../world/forge-error.ts";
import { at, type ForgeContext, reading } from "./context.ts";
import { refusalOf } from "./errors.ts";

/** A folder is answered by a list; a file beyond a megabyte without its content. */
const FileAnswer = z.object({
  type: z.literal("file"),
  encoding: z.literal("base64"),
  content: z.string(),
});

/** Where an owner keeps what holds for all repositories. */
const OWNER_REPOSITORY = ".github";

export function filesPart(context: ForgeContext): Pick<Forge, "readFile" | "readFileAt"> {
  return {
    readFileAt: (path, ref) => {
      const place = { ...at(context), ref };
      return reading(`read ${path} at a commit`, () => readFile(context, place, path));
    },
    readFile: (path, of) => {
      const { owner, repo } = at(context);
      if (of === "owner") return readOfOwner(context, owner, path);
      return reading(`read ${repo}/${path}`, () => readFile(context, { owner, repo }, path));
    },
  };
}

/** Anybody may read it where it is public; where it is private, only a token of its own can. */
function readOfOwner(context: ForgeContext, owner: string, path: string): Promise<string | null> {
  const place = { owner, repo: OWNER_REPOSITORY };
  return reading(`read ${OWNER_REPOSITORY}/${path}`, async () => {
    const text = await readFile(context, place, path);
    if (text !== null) return text;
    try {
      return await readFile({ client: context.named(OWNER_REPOSITORY) }, place, path);
    } catch (error) {
      // No token for it: there is none, or the App may not look into it.
      if (error instanceof ForgeError && error.kind === "not-found") return null;
      throw error;
    }
  });
}

async function readFile(
  { client }: Pick<ForgeContext, "client">,
  place: { owner: string; repo: string; ref?: string },
  path: string,
): Promise<string | null> {
  try {
    const { data } = await client.rest.repos.getContent({ ...place, path });
    const answer = FileAnswer.safeParse(data);
    if (answer.success) return Buffer.from(answer.data.content, "base64").toString("utf8");
  } catch (error) {
    if (refusalOf(error)?.status === 404) return null;
    throw error;
  }
  throw new ForgeError("refused", `${place.repo}/${path} is no text file of a readable size.`);
}
