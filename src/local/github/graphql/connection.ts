// Lists in GraphQL: pages by cursor, never more than a hundred, and never without saying how many.

import { GraphQLError } from "graphql";

export interface PageOf {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

const mostPerPage = 100;

export function connection<T>(items: readonly T[], page: PageOf) {
  const count = countOf(page);
  const start = page.after == null ? 0 : indexOf(page.after) + 1;
  const end = page.before == null ? items.length : indexOf(page.before);
  const between = items.slice(start, end);
  const nodes = page.first == null ? between.slice(-count) : between.slice(0, count);
  const from = page.first == null ? Math.max(start, end - count) : start;
  const edges = nodes.map((node, index) => ({ node, cursor: cursorOf(from + index) }));
  return {
    nodes,
    edges,
    totalCount: items.length,
    pageInfo: {
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
      hasPreviousPage: from > 0,
      hasNextPage: from + nodes.length < items.length,
    },
  };
}

function countOf({ first, last }: PageOf): number {
  const count = first ?? last;
  if (count == null) {
    throw new GraphQLError(
      "You must provide a `first` or `last` value to properly paginate the connection.",
      { extensions: { type: "MISSING_PAGINATION_BOUNDARIES" } },
    );
  }
  if (count >= 1 && count <= mostPerPage) return count;
  throw new GraphQLError(`Requesting ${count} records exceeds the limit of 1 to ${mostPerPage}.`, {
    extensions: { type: "EXCESSIVE_PAGINATION" },
  });
}

const cursorOf = (index: number): string => Buffer.from(`cursor:${index}`).toString("base64");

const indexOf = (cursor: string): number =>
  Number(Buffer.from(cursor, "base64").toString().replace("cursor:", ""));
