// Deliveries about a pull request's newest commit: what it says about our settings is looked at. Pure.

import { z } from "zod";

import { Account, type Kind } from "./payload.ts";

const Pushed = z.object({
  pull_request: z.object({ number: z.int(), head: z.object({ sha: z.string() }) }),
  sender: Account,
});

const pushed: Kind = {
  source: "pull",
  read(payload) {
    const { pull_request: pull, sender } = Pushed.parse(payload);
    const { number, head } = pull;
    const key = `pull-${number}-${head.sha.slice(0, 12)}`;
    const place = { thread: number, isPullRequest: true };
    return { ...place, key, id: number, body: head.sha, author: sender };
  },
};

export const pushKinds = {
  "pull_request.opened": pushed,
  "pull_request.reopened": pushed,
  "pull_request.synchronize": pushed,
} as const satisfies Record<string, Kind>;
