// Every repository this App is installed on, one after the other.

import { z } from "zod";

import type { RepositoryRef } from "../../world/forge.ts";
import { toForgeError } from "./errors.ts";
import type { Clients } from "./octokit.ts";

const Installation = z.object({ id: z.int(), suspended_at: z.string().nullish() });
const Repository = z.object({
  id: z.int(),
  name: z.string(),
  owner: z.object({ login: z.string() }),
  archived: z.boolean().optional(),
});

/** Lists page by page, so that a caller may stop early. Suspended installations and archived repositories are left out. Rejects with `ForgeError`. */
export async function* installedRepositories(clients: Clients): AsyncGenerator<RepositoryRef> {
  try {
    for await (const installationId of installations(clients)) {
      yield* repositoriesOf(clients, installationId);
    }
  } catch (error) {
    throw toForgeError(error, "list the App's repositories", "reads");
  }
}

async function* installations({ app }: Clients): AsyncGenerator<number> {
  const pages = app.paginate.iterator(app.rest.apps.listInstallations, { per_page: 100 });
  for await (const { data } of pages) {
    for (const item of data) {
      const { id, suspended_at: suspendedAt } = Installation.parse(item);
      if (suspendedAt == null) yield id;
    }
  }
}

async function* repositoriesOf(
  clients: Clients,
  installationId: number,
): AsyncGenerator<RepositoryRef> {
  const client = clients.listing(installationId);
  const pages = client.paginate.iterator(client.rest.apps.listReposAccessibleToInstallation, {
    per_page: 100,
  });
  for await (const { data } of pages) {
    for (const item of data) {
      const { id, name, owner, archived } = Repository.parse(item);
      if (archived === true) continue;
      yield { installationId, repositoryId: id, owner: owner.login, name };
    }
  }
}
