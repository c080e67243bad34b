// Cuts GitHub's GraphQL schema down to named types and fields, with the inputs and scalars these need.

import {
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  type TypeNode,
  visit,
} from "graphql";

const mutations = [
  "resolveReviewThread",
  "unresolveReviewThread",
  "minimizeComment",
  "updateRefs",
  "markPullRequestReadyForReview",
  "convertPullRequestToDraft",
];

const page = ["edges", "nodes", "pageInfo", "totalCount"];
const edge = ["cursor", "node"];
const actor = ["login", "url", "avatarUrl", "resourcePath"];
const comment = ["id", "databaseId", "fullDatabaseId", "author", "body", "url", "createdAt"];
const minimizable = ["isMinimized", "minimizedReason"];
const payload = ["clientMutationId", "thread", "pullRequest", "minimizedComment"];

/** Fields by type: a field stays when the type of its answer stays too. */
const kept: Readonly<Record<string, readonly string[]>> = {
  Query: ["id", "node", "nodes", "rateLimit", "repository", "viewer"],
  Mutation: mutations,
  Node: ["id"],
  Actor: actor,
  Minimizable: minimizable,
  RateLimit: ["cost", "limit", "nodeCount", "remaining", "resetAt", "used"],
  User: ["id", "databaseId", "name", ...actor],
  Bot: ["id", "databaseId", ...actor],
  PageInfo: ["endCursor", "hasNextPage", "hasPreviousPage", "startCursor"],
  Repository: [
    "id",
    "databaseId",
    "name",
    "nameWithOwner",
    "url",
    "isPrivate",
    "isEmpty",
    "defaultBranchRef",
    "issue",
    "pullRequest",
    "pullRequests",
    "ref",
    "refs",
  ],
  Issue: ["id", "databaseId", "number", "title", "body", "url", "closed", "author"],
  IssueComment: [...comment, ...minimizable],
  PullRequest: [
    "id",
    "databaseId",
    "number",
    "title",
    "body",
    "url",
    "state",
    "isDraft",
    "closed",
    "merged",
    "mergedAt",
    "createdAt",
    "headRefName",
    "headRefOid",
    "baseRefName",
    "baseRefOid",
    "author",
    "reviewThreads",
    "reviews",
  ],
  PullRequestConnection: page,
  PullRequestEdge: edge,
  PullRequestReview: [...comment, ...minimizable, "state"],
  PullRequestReviewConnection: page,
  PullRequestReviewEdge: edge,
  PullRequestReviewThread: [
    "id",
    "isResolved",
    "isOutdated",
    "isCollapsed",
    "path",
    "line",
    "startLine",
    "diffSide",
    "originalLine",
    "resolvedBy",
    "comments",
    "pullRequest",
    "repository",
    "viewerCanResolve",
    "viewerCanUnresolve",
    "subjectType",
  ],
  PullRequestReviewThreadConnection: page,
  PullRequestReviewThreadEdge: edge,
  PullRequestReviewComment: [...comment, ...minimizable, "path", "line", "diffHunk", "replyTo"],
  PullRequestReviewCommentConnection: page,
  PullRequestReviewCommentEdge: edge,
  Ref: ["id", "name", "prefix", "target"],
  RefConnection: page,
  RefEdge: edge,
  GitObject: ["id", "oid"],
  Commit: ["id", "oid", "message"],
  ResolveReviewThreadPayload: payload,
  UnresolveReviewThreadPayload: payload,
  MinimizeCommentPayload: payload,
  UpdateRefsPayload: payload,
  MarkPullRequestReadyForReviewPayload: payload,
  ConvertPullRequestToDraftPayload: payload,
};

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** Takes and returns SDL. Throws, naming it, when a type or a mutation is not in the schema (any more). */
export function cutGraphql(sdl: string): string {
  const document = withoutDescriptions(parse(sdl));
  const all = new Map<string, DefinitionNode>();
  for (const definition of document.definitions) {
    if ("name" in definition && definition.name !== undefined)
      all.set(definition.name.value, definition);
  }
  const composites = Object.keys(kept).map((name) => cutComposite(all, name));
  const leaves = leavesOf(all, composites);
  const definitions = [...composites, ...leaves].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return `${print({ ...document, definitions })}\n`;
}

function withoutDescriptions(document: DocumentNode): DocumentNode {
  return visit(document, {
    enter(node) {
      if (node.kind === Kind.DIRECTIVE || node.kind === Kind.DIRECTIVE_DEFINITION) return null;
      if (!("description" in node)) return undefined;
      const { description: _description, ...rest } = node;
      return rest;
    },
  });
}

function cutComposite(all: ReadonlyMap<string, DefinitionNode>, name: string): Composite {
  const definition = all.get(name);
  if (
    definition?.kind !== Kind.OBJECT_TYPE_DEFINITION &&
    definition?.kind !== Kind.INTERFACE_TYPE_DEFINITION
  )
    throw new Error(`GitHub's GraphQL schema has no type ${name}.`);
  const fields = (definition.fields ?? []).filter(
    (field) => kept[name]?.includes(field.name.value) === true && staysIn(all, field),
  );
  for (const mutation of name === "Mutation" ? mutations : []) {
    if (!fields.some((field) => field.name.value === mutation))
      throw new Error(`GitHub's GraphQL schema has no mutation ${mutation}.`);
  }
  const interfaces = (definition.interfaces ?? []).filter((item) => item.name.value in kept);
  return { ...definition, fields, interfaces };
}

function staysIn(all: ReadonlyMap<string, DefinitionNode>, field: FieldDefinitionNode): boolean {
  const name = namedType(field.type);
  const definition = all.get(name);
  return definition === undefined || isLeaf(definition) || name in kept;
}

const isLeaf = ({ kind }: DefinitionNode): boolean =>
  kind === Kind.SCALAR_TYPE_DEFINITION || kind === Kind.ENUM_TYPE_DEFINITION;

/** Scalars, enums and inputs that the kept fields and their arguments name, and what those name in turn. */
function leavesOf(
  all: ReadonlyMap<string, DefinitionNode>,
  composites: readonly DefinitionNode[],
): DefinitionNode[] {
  const found = new Map<string, DefinitionNode>();
  const waiting = [...composites];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const name of namesIn(next)) {
      const definition = all.get(name);
      if (definition === undefined || found.has(name) || name in kept) continue;
      found.set(name, definition);
      waiting.push(definition);
    }
  }
  return [...found.values()];
}

function namesIn(definition: DefinitionNode): string[] {
  const names: string[] = [];
  visit(definition, { NamedType: (node) => void names.push(node.name.value) });
  return names;
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

const nameOf = (definition: DefinitionNode): string =>
  "name" in definition ? (definition.name?.value ?? "") : "";
