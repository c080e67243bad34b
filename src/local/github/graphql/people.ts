// Who said something, and what everything that was said has in common, as GraphQL shows it.

import type { GitHubCore } from "../core.ts";
import { nodeId } from "../ids.ts";
import type { Account } from "../state.ts";

/** GraphQL knows bots without the `[bot]` of their REST logins. */
export function accountNode({ url }: GitHubCore, { id, login, type }: Account) {
  const isBot = type === "Bot";
  const name = login.replace(/\[bot\]$/, "");
  const path = isBot ? `/apps/${name}` : `/${name}`;
  return {
    __typename: isBot ? "Bot" : "User",
    id: nodeId(isBot ? "Bot" : "Account", id),
    databaseId: id,
    login: name,
    name,
    url: url + path,
    resourcePath: path,
    avatarUrl: () => `${url}/_/avatars/${id}`,
  };
}

export const said = (core: GitHubCore, { id, author }: { id: number; author: Account }) => ({
  databaseId: id,
  fullDatabaseId: String(id),
  author: accountNode(core, author),
});

export const hidden = (reason: string | null) => ({
  isMinimized: reason !== null,
  minimizedReason: reason,
});
