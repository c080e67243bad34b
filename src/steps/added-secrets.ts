// Whether edits would publish a secret: a branch of ours can be read by everybody who can read the repository, and stays.

import { hasSecretShape } from "../outgoing/secrets.ts";
import type { Readable } from "../repo/contract.ts";
import type { Edit } from "../repo/git-data.ts";

/** Where a secret would be added; its value is told to nobody. Lines count from 1. */
export interface AddedSecret {
  path: string;
  line: number;
}

/** Files that hold a process's settings, in which a value behind such a name is one that is used. */
const SETTINGS = /(?:^|\/)(?:[\w.-]*\.env(?:\.[\w-]+)*|[\w.-]*\.tfvars|credentials(?:\.\w+)?)$/i;
const NAMED =
  /^\s*(?:export\s+)?[\w.-]*(?:password|passwd|secret|token|api_?key|private_?key)\w*\s*[=:]\s*["']?([^\s"']{8,})/i;
/** A value that says it is none. */
const PLACEHOLDER =
  /^(?:\$|<|\{|%)|^(.)\1+$|change.?me|example|placeholder|your[-_]|dummy|redacted|not[-_]?a[-_]?secret/i;

/** Looks at the lines that are new; what stood in a file before is not of these edits. */
export async function addedSecrets(
  before: Readable,
  edits: readonly Edit[],
): Promise<AddedSecret[]> {
  const found: AddedSecret[] = [];
  for (const edit of edits) {
    // A file that only moved says nothing that the repository does not hold.
    if ("moved" in edit) continue;
    const { path, content, from } = edit;
    if (content === null || !mayHold(path, content)) continue;
    const old = await before.read(from?.path ?? path);
    const known = new Set(old?.kind === "text" ? old.text.split("\n") : []);
    for (const [index, line] of content.split("\n").entries()) {
      if (!known.has(line) && isSecret(path, line)) found.push({ path, line: index + 1 });
    }
  }
  return found;
}

/** Asked of the whole text first: nearly all edits end here. */
const mayHold = (path: string, content: string): boolean =>
  SETTINGS.test(path) || hasSecretShape(content);

function isSecret(path: string, line: string): boolean {
  if (hasSecretShape(line)) return true;
  const value = SETTINGS.test(path) ? NAMED.exec(line)?.[1] : undefined;
  return value !== undefined && !PLACEHOLDER.test(value);
}
