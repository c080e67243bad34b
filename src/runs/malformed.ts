// What stands where a run is kept, and is not in the form in which Fanfold writes it.

import { z } from "zod";

import { MalformedJournal } from "./journal-file.ts";

/** Whether reading failed by what was read. It does not get any better by reading again. */
export const isMalformed = (error: unknown): boolean =>
  error instanceof SyntaxError || error instanceof z.ZodError || error instanceof MalformedJournal;
