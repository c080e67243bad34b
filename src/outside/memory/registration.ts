// The App as a GitHub in memory knows it, open to tests.

import type { Clock } from "../../world/clock.ts";
import { ForgeError } from "../../world/forge-error.ts";
import type {
  Installation,
  RegisteredApp,
  Registration,
  Webhook,
} from "../../world/registration.ts";

export interface MemoryRegistration extends Registration {
  state: { app: RegisteredApp; webhook: Webhook; installations: Installation[] };
  /** How far GitHub's clock is ahead of ours. */
  aheadMs: number;
}

const permissions = {
  metadata: "read",
  contents: "write",
  pull_requests: "write",
  issues: "write",
  checks: "write",
  actions: "read",
  statuses: "read",
};
const events = [
  "issue_comment",
  "pull_request_review",
  "pull_request_review_comment",
  "issues",
  "pull_request",
  "check_run",
  "check_suite",
];
const site = "https://memory.invalid";

/** Everything is as it should be, with one installation. */
export function createMemoryRegistration({ now }: Pick<Clock, "now">): MemoryRegistration {
  const state: MemoryRegistration["state"] = {
    app: { slug: "fanfold", page: `${site}/apps/fanfold`, permissions, events },
    webhook: {
      url: "https://bot.invalid/api/github/webhooks",
      contentType: "json",
      hasSecret: true,
      isVerified: true,
    },
    installations: [
      {
        id: 1,
        account: "acme",
        isSuspended: false,
        permissions,
        events,
        page: `${site}/settings/installations/1`,
      },
    ],
  };
  const registration: MemoryRegistration = {
    state,
    aheadMs: 0,
    app: async () => state.app,
    webhook: async () => state.webhook,
    async *installations() {
      yield* state.installations;
    },
    async installation(id) {
      const found = state.installations.find((each) => each.id === id);
      if (found !== undefined) return found;
      throw new ForgeError("not-found", `GitHub does not show us installation ${id}.`);
    },
    time: async () => now() + registration.aheadMs,
  };
  return registration;
}
