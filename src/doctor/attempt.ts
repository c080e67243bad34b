// A look that fails is a finding like any other, and never the end of the others.

import { failure, type Finding, type Subject, warning } from "./finding.ts";

export interface Look {
  id: Subject;
  /** What it means that nobody could look. */
  level: "warning" | "failure";
  fix: string;
}

/** Resolves to what was found, or to what kept it from being found. Never rejects. */
export async function attempt(
  { id, level, fix }: Look,
  look: () => Promise<readonly Finding[] | Finding>,
): Promise<readonly Finding[]> {
  try {
    return [await look()].flat();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const found = `It could not be looked at: ${why}`;
    return [level === "failure" ? failure(id, found, fix) : warning(id, found, fix)];
  }
}
