// The answers of the roles, as the tests read them.

import { z } from "zod";

export const ReviewFinding = z.object({
  path: z.string(),
  line: z.number(),
  severity: z.string(),
  title: z.string(),
  claim: z.string(),
  evidence: z.string(),
});
export type ReviewFinding = z.infer<typeof ReviewFinding>;

export const Review = z.object({ verdict: z.string(), findings: z.array(ReviewFinding) });
export type Review = z.infer<typeof Review>;

export const Refuted = z.object({ refuted: z.boolean() });
export const Summary = z.object({ summary: z.string() });
export const Synthesis = z.object({ title: z.string(), summary: z.string(), risks: z.string() });
export const Authored = z.object({ title: z.string(), script: z.string() });
export const ErrorBody = z.object({ error: z.object({ type: z.string(), message: z.string() }) });
