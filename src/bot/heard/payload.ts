// What every delivery has in common, and the shape in which each kind of delivery tells what it brought. Pure.

import { z } from "zod";

import type { CommentEvent, Source } from "../../world/inbox.ts";

export const Account = z.object({ id: z.int(), login: z.string(), type: z.string() });
export type Account = z.infer<typeof Account>;

/** What every delivery has. */
export const Scene = z.object({
  installation: z.object({ id: z.int() }),
  repository: z.object({
    id: z.int(),
    name: z.string(),
    owner: z.object({ login: z.string() }),
  }),
  sender: Account,
});

export const Issue = z.object({ number: z.int(), pull_request: z.object({}).nullish() });
export const Pull = z.object({ number: z.int() });

/** Whatever carries words: comments and reviews have the same fields. */
export const Words = z.object({
  id: z.int(),
  body: z.string().nullable(),
  user: Account.nullable(),
  performed_via_github_app: z.object({}).nullish(),
});

/** What one delivery brought. */
export interface Heard extends Pick<CommentEvent, "thread" | "isPullRequest" | "key"> {
  id: number;
  body: string;
  /** Null when the account is gone. */
  author: Account | null;
  viaApp?: boolean;
  place?: CommentEvent["place"];
}

/** A kind of delivery that we act on; `read` throws zod's error for what lacks a field, and gives null for what is not for us. */
export interface Kind {
  source: Source;
  read(payload: unknown): Heard | null;
}

export function wordsIn({ id, body, user, performed_via_github_app: via }: z.infer<typeof Words>) {
  return { id, body: body ?? "", author: user, viaApp: via != null };
}
