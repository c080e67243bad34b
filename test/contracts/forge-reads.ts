// What of a forge changes nothing on GitHub. Whoever guards its writes is tested with everything else.

export const forgeReads = new Set([
  "ref",
  "repository",
  "permissionOf",
  "readFile",
  "readFileAt",
  "findComment",
  "findIssue",
  "issue",
  "authorOf",
  "pullRequest",
  "changesFile",
  "findPullRequest",
  "findReview",
  "ourChecks",
  "otherChecks",
  "endOfCheck",
  "held",
  "standingOf",
  "rulesOn",
  "pageOf",
]);
