// Hides what we said: GitHub folds it away as outdated, and nothing is deleted.

import { z } from "zod";

import type { Forge } from "../../world/forge.ts";
import { asking, at, type ForgeContext } from "./context.ts";
import { refusalOf } from "./errors.ts";
import { listingPages } from "./limits.ts";

/** Ids in one GraphQL document; GitHub allows 100 nodes at once and counts a document of mutations as one. */
const AT_ONCE = 50;

const Said = z.object({
  node_id: z.string(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});

export function hidePart(context: ForgeContext): Pick<Forge, "hide"> {
  return {
    hide: (thread, marker) =>
      asking(`hide what we said in #${thread}`, async () => {
        const ids = await shown(context, await saidIn(context, thread, marker));
        for (const group of groupsOf(ids)) await minimize(context, group);
        return ids.length;
      }),
  };
}

async function saidIn(context: ForgeContext, thread: number, marker: string): Promise<string[]> {
  const { paginate, rest } = context.client;
  const { slug } = await context.identity();
  const place = { ...at(context), per_page: 100 };
  const pull = { ...place, pull_number: thread };
  const listings = [
    () => paginate.iterator(rest.issues.listComments, { ...place, issue_number: thread }),
    () => paginate.iterator(rest.pulls.listReviews, pull),
    () => paginate.iterator(rest.pulls.listReviewComments, pull),
  ];
  const ids: string[] = [];
  for (const [index, open] of listings.entries()) {
    try {
      const said = (await allOf(open())).map((item) => Said.parse(item));
      const ours = said.filter(({ user, body }) => {
        return user?.login === `${slug}[bot]` && (body ?? "").includes(marker);
      });
      ids.push(...ours.map((each) => each.node_id));
    } catch (error) {
      // An issue has no reviews.
      if (index === 0 || refusalOf(error)?.status !== 404) throw error;
      break;
    }
  }
  return ids;
}

async function allOf(pages: AsyncIterable<{ data: readonly unknown[] }>): Promise<unknown[]> {
  const items: unknown[] = [];
  let read = 0;
  for await (const { data } of pages) {
    items.push(...data);
    read += 1;
    if (read >= listingPages) break;
  }
  return items;
}

const hiddenQuery = `query ($ids: [ID!]!) {
  nodes(ids: $ids) { id ... on Minimizable { isMinimized } }
}`;

const HiddenAnswer = z.object({
  nodes: z.array(z.object({ id: z.string(), isMinimized: z.boolean() }).nullable()),
});

/** Those that are not hidden yet. */
async function shown({ client }: ForgeContext, ids: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const group of groupsOf(ids)) {
    const data: unknown = await client.graphql(hiddenQuery, {
      ids: group,
      request: { repeatable: true },
    });
    const { nodes } = HiddenAnswer.parse(data);
    found.push(...nodes.flatMap((node) => (node === null || node.isMinimized ? [] : [node.id])));
  }
  return found;
}

/** One document with a mutation for each. Hiding twice is the same as once: safe to repeat. */
async function minimize({ client }: ForgeContext, ids: readonly string[]): Promise<void> {
  const names = ids.map((_, index) => `$id${index}: ID!`);
  const fields = ids.map(
    (_, index) =>
      `m${index}: minimizeComment(input: { subjectId: $id${index}, classifier: OUTDATED }) { clientMutationId }`,
  );
  const variables = Object.fromEntries(ids.map((id, index) => [`id${index}`, id]));
  await client.graphql(`mutation (${names.join(", ")}) { ${fields.join(" ")} }`, {
    ...variables,
    request: { repeatable: true },
  });
}

function groupsOf(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / AT_ONCE);
  return Array.from({ length: count }, (_, index) =>
    ids.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
}
