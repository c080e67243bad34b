// Opens a repository for git with a token of its own: this repository, contents, one hour, nothing else.

import { type RemoteAccess, RemoteError } from "../../repo/remote.ts";
import type { RepositoryRef } from "../../world/forge.ts";
import { ForgeError } from "../../world/forge-error.ts";
import { reading } from "./context.ts";
import type { Tokens } from "./tokens.ts";

export interface RemoteOptions {
  tokens: Tokens;
  /** Where git speaks, e.g. `https://github.com`. */
  webUrl: string;
}

/** Makes the access of any repository; tokens are shared between the accesses of one repository. */
export function createOpenAccess(options: RemoteOptions): (ref: RepositoryRef) => RemoteAccess {
  return (ref) => ({
    url: `${options.webUrl.replace(/\/+$/, "")}/${ref.owner}/${ref.name}.git`,
    async header() {
      const value = await tokenFor(options, ref).catch(asRemoteError);
      const password = Buffer.from(`x-access-token:${value}`).toString("base64");
      return `Authorization: Basic ${password}`;
    },
  });
}

/** Git's callers know remotes, not forges. */
function asRemoteError(error: unknown): never {
  if (!(error instanceof ForgeError)) throw error;
  const transient = error.kind === "unreachable" || error.kind === "limited";
  throw new RemoteError(error.message, { cause: error, transient });
}

function tokenFor({ tokens }: RemoteOptions, ref: RepositoryRef): Promise<string> {
  const { installationId, repositoryId: repository } = ref;
  const permissions = { contents: "write" } as const;
  return reading(`get a token for ${ref.owner}/${ref.name}`, async () => {
    const { value } = await tokens({ installationId, repository, permissions });
    return value;
  });
}
