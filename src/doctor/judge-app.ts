// Judgements about the App at GitHub, its installations and the clock. Pure.

import type { Granted, Installation, RegisteredApp } from "../world/registration.ts";
import { helpfulPermissions, neededEvents, neededPermissions } from "./asked-of-owners.ts";
import { failure, type Finding, ok, type Subject, warning } from "./finding.ts";

/** GitHub takes an App's signature for as long as the clocks differ by less. */
const SKEW_MS = 30_000;
/** More names would be a list that nobody reads. */
const NAMES_MAX = 5;

export function judgeClock(times: { github: number; ours: number }): Finding {
  const seconds = Math.round((times.ours - times.github) / 1000);
  const distance = `${Math.abs(seconds)} s ${seconds > 0 ? "ahead of" : "behind"} GitHub's`;
  if (Math.abs(seconds) * 1000 <= SKEW_MS) return ok("clock", `The clock is ${distance}.`);
  const found = `The clock is ${distance}: GitHub refuses what the App signs then.`;
  return failure("clock", found, "Let it be set over the network: `timedatectl set-ntp true`.");
}

/** What is missing, each in words of GitHub's settings pages; the rest works without what only helps. */
interface Lacking {
  called: string[];
  onlyHelps: boolean;
}

function lackingIn(granted: Granted): Lacking {
  const lacking = Object.entries(neededPermissions).flatMap(([name, { level, called }]) => {
    const has = granted[name];
    if (has === "write" || has === "admin" || has === level) return [];
    const access = level === "write" ? "Read and write" : "Read-only";
    const now = has === "read" ? "read-only" : "no access";
    return [{ name, told: `${called}: ${access} (now ${now})` }];
  });
  return {
    called: lacking.map(({ told }) => told),
    onlyHelps: lacking.every(({ name }) => helpfulPermissions.has(name)),
  };
}

function judgeLacking(
  id: Subject,
  { called, onlyHelps }: Lacking,
  { who, fix }: { who: string; fix: string },
): Finding {
  const found = `${who}: ${called.join("; ")}.`;
  const rest =
    " What scripts ask of the repository's own CI has no statuses and no logs; all else works.";
  return onlyHelps ? warning(id, `${found}${rest}`, fix) : failure(id, found, fix);
}

export function judgeApp({ slug, page, permissions, events }: RegisteredApp): Finding[] {
  const lacking = lackingIn(permissions);
  const unheard = Object.entries(neededEvents).filter(([name]) => !events.includes(name));
  const where = `on the App's settings page (${page}, "App settings"), "Permissions & events"`;
  return [
    ok("github", `GitHub knows the App as ${slug}.`),
    lacking.called.length === 0
      ? ok("permissions", "The App asks for all that it needs.")
      : judgeLacking("permissions", lacking, {
          who: "The App lacks",
          fix: `Choose this ${where}, under "Repository permissions"; then every owner is asked to accept it.`,
        }),
    unheard.length === 0
      ? ok("events", "The App hears of all that it acts on.")
      : judgeEvents(unheard, where),
  ];
}

function judgeEvents(unheard: readonly [string, string][], where: string): Finding {
  const found = `GitHub does not tell the App of: ${unheard.map(([, called]) => called).join(", ")}.`;
  const fix = `Tick it ${where}, under "Subscribe to events".`;
  return unheard.some(([name]) => name === "issue_comment")
    ? failure("events", `${found} No command arrives.`, fix)
    : warning("events", `${found} What people write, tick or click there does nothing.`, fix);
}

export function judgeInstallations(
  installations: readonly Installation[],
  { page }: Pick<RegisteredApp, "page">,
): Finding[] {
  if (installations.length === 0) {
    const found = "Nobody has installed the App, so it hears of nothing.";
    return [warning("installations", found, `Open ${page} and click "Install".`)];
  }
  const suspended = installations.filter(({ isSuspended }) => isSuspended);
  const owing = installations.filter(({ permissions }) => lackingIn(permissions).called.length > 0);
  const count = `${installations.length} ${installations.length === 1 ? "installation" : "installations"}`;
  const troubles = [
    ...(suspended.length === 0
      ? []
      : [
          warning(
            "installations",
            `${suspended.length} of ${count} suspended: ${named(suspended)}. Nothing arrives from there.`,
            `If that is not meant, its owner clicks "Unsuspend" on ${suspended[0]?.page}.`,
          ),
        ]),
    ...(owing.length === 0
      ? []
      : [
          warning(
            "installations",
            `${owing.length} of ${count} did not accept the permissions that the App needs: ${named(owing)}.`,
            `Its owner clicks "Review request" on ${owing[0]?.page}.`,
          ),
        ]),
  ];
  return troubles.length > 0 ? troubles : [ok("installations", `${count}, all in use.`)];
}

function named(installations: readonly Installation[]): string {
  const names = installations.slice(0, NAMES_MAX).map(({ account }) => account);
  const more = installations.length - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** What one repository's owner gave. */
export function judgeInstallation(installation: Installation): Finding {
  const id: Subject = "permissions-here";
  const lacking = lackingIn(installation.permissions);
  if (lacking.called.length === 0) return ok(id, "The App may do here what it needs.");
  const fix = `An owner of ${installation.account} opens ${installation.page} and clicks "Review request"; if there is none, whoever runs the bot has to ask for it in the App's settings first.`;
  return judgeLacking(id, lacking, { who: "The App lacks here", fix });
}
