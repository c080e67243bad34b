// The remote over git itself: list, fetch, and one atomic push whose outcome is read back when it is in doubt.

import { openAccess } from "./access.ts";
import { git, GitError, type GitOptions, type GitOutput } from "./git.ts";
import type { Oid } from "./git-data.ts";
import {
  checkUpdates,
  RemoteError,
  type GitRemote,
  type Pushed,
  type RefUpdate,
  type RemoteAccess,
} from "./remote.ts";

export interface GitRemoteOptions {
  /** Waits between attempts. */
  sleep: (ms: number) => Promise<void>;
  /** Chance, from 0 up to 1, for jitter. */
  random: () => number;
}

type Context = { access: RemoteAccess } & GitRemoteOptions;

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 250;
const LIST_MS_MAX = 60_000;
const FETCH_MS_MAX = 600_000;
const PUSH_MS_MAX = 300_000;
const REFUSALS_NAMED_MAX = 20;

/** Words of git, curl and GitHub for trouble that passes by itself. */
const PASSING =
  /returned error: (?:408|429|5\d\d)|Could not resolve host|Failed to connect|Connection (?:refused|reset|timed out)|Operation (?:timed out|too slow)|early EOF|hung up unexpectedly|RPC failed|unexpected disconnect|expected flush|gnutls|SSL_|TLS|Empty reply|transfer closed|cannot lock ref|\(failed\)|failed to update ref|fetch-pack: invalid|incorrect old value/i;

/** Opens a remote; nothing is asked yet. Trouble that passes while reading is tried again a few times, with growing waits. */
export function openGitRemote(
  access: RemoteAccess,
  { sleep, random }: GitRemoteOptions,
): GitRemote {
  const context: Context = { access, sleep, random };
  return {
    list: (prefix) => withPatience(context, () => list(context, prefix)),
    fetch: (gitDir, refspecs) => withPatience(context, () => fetch(context, { gitDir, refspecs })),
    push: (gitDir, updates) => push(context, { gitDir, updates }),
  };
}

async function list(context: Context, prefix: string): Promise<Map<string, Oid>> {
  if (!/^refs\/[^\s*?[\\^~:]*$/.test(prefix)) {
    throw new RemoteError(`${JSON.stringify(prefix)} is no prefix of refs.`, { transient: false });
  }
  const only = prefix.startsWith("refs/heads/") ? ["--heads"] : [];
  const { output } = await speak(context, {
    args: (url) => ["ls-remote", "--refs", "--quiet", ...only, "--", url, `${prefix}*`],
    options: { timeoutMs: LIST_MS_MAX },
  });
  const refs = new Map<string, Oid>();
  for (const line of output.stdout.toString("utf8").split("\n")) {
    const [oid, ref] = line.split("\t");
    if (oid !== undefined && ref?.startsWith(prefix) === true) refs.set(ref, oid);
  }
  return refs;
}

async function fetch(
  context: Context,
  { gitDir, refspecs }: { gitDir: string; refspecs: readonly string[] },
): Promise<void> {
  if (refspecs.length === 0) return;
  const flags = ["--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--quiet"];
  await speak(context, {
    args: (url) => ["fetch", ...flags, "--refmap=", "--stdin", "--", url],
    options: { gitDir, stdin: `${refspecs.join("\n")}\n`, timeoutMs: FETCH_MS_MAX },
  });
}

interface Push {
  gitDir: string;
  updates: readonly RefUpdate[];
}

/** Once: how often a host may be pushed to is for whoever pushes to count. */
async function push(context: Context, { gitDir, updates }: Push): Promise<Pushed> {
  checkUpdates(updates);
  const trouble = await tryPush(context, { gitDir, updates });
  if (trouble === null) return { kind: "pushed" };
  const now = await withPatience(context, () => whereRefsAre(context, updates));
  const moved = updates.filter((update) => (now.get(update.ref) ?? null) === update.to);
  if (moved.length === updates.length) return { kind: "pushed" };
  const stale = updates.filter(
    (update) => !moved.includes(update) && (now.get(update.ref) ?? null) !== update.from,
  );
  if (stale.length > 0) return { kind: "stale", refs: stale.map((update) => update.ref) };
  throw trouble;
}

/** Null when git says that all went through; otherwise why not, which only the refs themselves can settle. */
async function tryPush(context: Context, { gitDir, updates }: Push): Promise<RemoteError | null> {
  const leases = updates.map(({ ref, from }) => `--force-with-lease=${ref}:${from ?? ""}`);
  const flags = ["--atomic", "--porcelain", "--no-verify", "--no-follow-tags", "--signed=false"];
  const refspecs = updates.map(({ ref, to }) => `${to ?? ""}:${ref}`);
  try {
    const { output, redact } = await speak(context, {
      args: (url) => ["push", ...flags, ...leases, "--", url, ...refspecs],
      // 1: some ref was not moved. Which and why stands in the output, not among the errors.
      options: { gitDir, timeoutMs: PUSH_MS_MAX, accept: [0, 1] },
    });
    return output.status === 0 ? null : refusedPush(redact, output);
  } catch (error) {
    if (error instanceof RemoteError) return error;
    throw error;
  }
}

function refusedPush(redact: (text: string) => string, { stdout, stderr }: GitOutput): RemoteError {
  const refused = stdout
    .toString("utf8")
    .split("\n")
    .filter((line) => line.startsWith("!"))
    .slice(0, REFUSALS_NAMED_MAX)
    .map((line) => line.replaceAll("\t", " "));
  const message = redact(["git push was refused:", ...refused, stderr.trim()].join("\n"));
  const refsPerPush = policyIn(message);
  const transient = refsPerPush === null && PASSING.test(message);
  return new RemoteError(message, { transient, refsPerPush });
}

/**
 * A repository can limit the branches and tags of one push, and refs of other kinds count as well:
 * https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/managing-repository-settings/managing-the-push-policy-for-your-repository
 */
function policyIn(message: string): number | null {
  const [, most] =
    /pushes that update more than (\d{1,6}) branch(?:es)? or tags?/i.exec(message) ?? [];
  const refs = Number(most ?? 0);
  return refs >= 1 ? refs : null;
}

async function whereRefsAre(
  context: Context,
  updates: readonly RefUpdate[],
): Promise<Map<string, Oid>> {
  const [only] = updates;
  const prefix = updates.length === 1 && only !== undefined ? only.ref : "refs/";
  return list(context, prefix);
}

async function speak(
  { access }: Context,
  { args, options }: { args: (url: string) => string[]; options: GitOptions },
): Promise<{ output: GitOutput; redact: (text: string) => string }> {
  const { url, settings, redact } = await openAccess(access);
  try {
    return { output: await git(args(url), { ...options, settings }), redact };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const rejected = redact(error.message);
    const transient = error.failure === "timeout" || PASSING.test(error.message);
    // No cause: the first error's text is not redacted.
    throw new RemoteError(rejected, { transient });
  }
}

async function withPatience<T>(context: Context, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const passes = error instanceof RemoteError && error.transient;
      if (!passes || attempt === ATTEMPTS) throw error;
      await wait(context, attempt);
    }
  }
}

/** Doubling waits, half of each by chance, so that several drivers do not knock in step. */
function wait({ sleep, random }: Context, attempt: number): Promise<void> {
  return sleep(FIRST_WAIT_MS * 2 ** attempt * (0.5 + random() / 2));
}
