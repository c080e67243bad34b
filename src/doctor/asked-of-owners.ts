// What the App must be given to do its work: the same as in `app.yml`, which a test holds against this.

/** By GitHub's names, with the words of its settings pages. */
export const neededPermissions = {
  metadata: { level: "read", called: "Metadata" },
  contents: { level: "write", called: "Contents" },
  pull_requests: { level: "write", called: "Pull requests" },
  issues: { level: "write", called: "Issues" },
  checks: { level: "write", called: "Checks" },
  actions: { level: "read", called: "Actions" },
  statuses: { level: "read", called: "Commit statuses" },
} as const;

/** Without these only `checks()` of a script sees less: no statuses, and no log of what failed. */
export const helpfulPermissions: ReadonlySet<string> = new Set(["actions", "statuses"]);

/** Commands come by these, and ticks on the dashboard; the others bring nothing that is acted on. */
export const neededEvents = {
  issue_comment: "Issue comment",
  pull_request_review: "Pull request review",
  pull_request_review_comment: "Pull request review comment",
  issues: "Issues",
  pull_request: "Pull request",
  check_run: "Check run",
  check_suite: "Check suite",
} as const;
