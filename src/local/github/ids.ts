// Node ids: what GraphQL calls things, opaque to everyone else.

const prefixes = {
  Account: "U",
  Bot: "BOT",
  App: "A",
  Installation: "MDIz",
  Repository: "R",
  Issue: "I",
  PullRequest: "PR",
  IssueComment: "IC",
  PullRequestReview: "PRR",
  PullRequestReviewComment: "PRRC",
  PullRequestReviewThread: "PRRT",
  Reaction: "REA",
  CheckRun: "CR",
  CheckSuite: "CS",
  Label: "LA",
  Commit: "C",
  Tree: "T",
  Blob: "B",
  Ref: "REF",
  Status: "SC",
} as const;

export type NodeKind = keyof typeof prefixes;

/** `name` is the number of a thing, the hash of an object, or a full ref. */
export const nodeId = (kind: NodeKind, name: number | string): string =>
  `${prefixes[kind]}_${Buffer.from(String(name)).toString("base64url")}`;

/** The kind and name behind a node id; null when it is none of ours. */
export function fromNodeId(id: string): { kind: NodeKind; name: string } | null {
  const [prefix = "", encoded = ""] = id.split(/_(.*)/s);
  const found = Object.entries(prefixes).find(([, known]) => known === prefix);
  const kind = found?.[0];
  if (kind === undefined || !isNodeKind(kind)) return null;
  return { kind, name: Buffer.from(encoded, "base64url").toString() };
}

const isNodeKind = (text: string): text is NodeKind => text in prefixes;
