// An App that comes to an account: from then on it sees all repositories there.

import type { GitHubCore } from "./core.ts";
import { newInstallation } from "./people.ts";
import type { Account, Installation } from "./state.ts";
import { installed } from "./webhooks/events.ts";

/** The installation that there is, or a new one, of which the App is told. */
export function installApp(core: GitHubCore, account: Account): Installation {
  const { installations, repositories } = core.state;
  const known = [...installations.values()].find((one) => one.account === account);
  if (known !== undefined) return known;
  const installation = newInstallation(core.state, account);
  const reached = [...repositories.values()].filter(({ owner }) => owner === account);
  for (const repository of reached) repository.installation = installation;
  installed(core, installation, reached);
  return installation;
}
