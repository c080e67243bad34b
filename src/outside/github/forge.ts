// GitHub in our words, over Octokit: one file per theme, put together here.

import type { Comparison, Forge, OpenForge } from "../../world/forge.ts";
import { checksPart } from "./checks.ts";
import { commentsPart } from "./comments.ts";
import { filesPart } from "./files.ts";
import { codeScanPart } from "./code-scan.ts";
import { hidePart } from "./hide.ts";
import { issuesPart } from "./issues.ts";
import type { ForgeContext } from "./context.ts";
import type { Clients } from "./octokit.ts";
import { otherChecksPart } from "./other-checks.ts";
import { pullsPart } from "./pulls.ts";
import { refsPart } from "./refs.ts";
import { repositoryPart } from "./repository.ts";
import { reviewsPart } from "./reviews.ts";

export interface ForgeOptions {
  clients: Pick<Clients, "repository" | "named" | "identity" | "held">;
  /** Where people read, e.g. `https://github.com`. */
  webUrl: string;
}

/** Opens repositories on GitHub. */
export function createOpenForge({ clients, webUrl }: ForgeOptions): OpenForge {
  return async (ref) => {
    const context = {
      ref,
      client: clients.repository(ref),
      named: (name: string) => clients.named(ref.installationId, name),
      identity: clients.identity,
      webUrl: webUrl.replace(/\/+$/, ""),
    };
    return { ...openForge(context), held: () => clients.held(ref.installationId) };
  };
}

function openForge(context: ForgeContext): Omit<Forge, "held"> {
  return {
    ref: context.ref,
    ...repositoryPart(context),
    ...filesPart(context),
    ...commentsPart(context),
    ...issuesPart(context),
    ...codeScanPart(context),
    ...pullsPart(context),
    ...reviewsPart(context),
    ...hidePart(context),
    ...checksPart(context),
    ...otherChecksPart(context),
    ...refsPart(context),
    pageOf: (target) => pageOf(context, target),
  };
}

function pageOf({ ref, webUrl }: ForgeContext, target: Parameters<Forge["pageOf"]>[0]): string {
  const page =
    "base" in target
      ? comparison(target)
      : "branch" in target
        ? `tree/${path(target.branch)}`
        : target.path === undefined
          ? `commit/${target.commit}`
          : `blob/${target.commit}/${path(target.path)}`;
  return `${webUrl}/${path(ref.owner)}/${path(ref.name)}/${page}`;
}

/** GitHub fills in its form from the address: https://docs.github.com/en/pull-requests, "Using query parameters". */
function comparison({ base, head, title, body }: Comparison): string {
  const form = new URLSearchParams({ quick_pull: "1", title, body });
  return `compare/${path(base)}...${path(head)}?${form.toString()}`;
}

function path(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}
