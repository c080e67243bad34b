// Judgements about this machine. Pure.

import type { DataFolder, SandboxTrial } from "./machine.ts";
import { failure, type Finding, ok, warning } from "./finding.ts";

const NODE_MAJOR = 24;
/** `merge-tree --write-tree --stdin`, which folds many changes in one process, came with 2.39. */
const GIT = [2, 39] as const;

const MIB = 1024 * 1024;
/** A mirror and a run's journal fit into the first for many repositories, and into the second for hardly one. */
const ROOMY_BYTES = 1024 * MIB;
const TIGHT_BYTES = 100 * MIB;

export function judgeNode(version: string): Finding {
  if (Number.parseInt(version, 10) >= NODE_MAJOR) return ok("node", `Node ${version}.`);
  const fix = `Install Node ${NODE_MAJOR} or newer, or start by npm's scripts: they use the Node that \`npm ci\` installs.`;
  return failure("node", `Node ${version} is too old.`, fix);
}

export function judgeGit(line: string): Finding {
  const found = /(\d+)\.(\d+)\S*/u.exec(line);
  const [name = "", major = "0", minor = "0"] = found ?? [];
  const fix = `Install git ${GIT.join(".")} or newer.`;
  if (found === null) return failure("git", `git does not say its version, but: ${line}`, fix);
  const isNew = Number(major) > GIT[0] || (Number(major) === GIT[0] && Number(minor) >= GIT[1]);
  return isNew ? ok("git", `git ${name}.`) : failure("git", `git ${name} is too old.`, fix);
}

export function judgeData(data: DataFolder, { isWindows }: { isWindows: boolean }): Finding[] {
  const { kind, dir } = data;
  if (kind === "absent") {
    const fix = `Type \`mkdir -p -m 700 ${dir}\`, or set FANFOLD_DATA to the folder that holds the runs; in a container, mount the volume there. The start makes it otherwise.`;
    return [warning("data", `${dir} is not there yet.`, fix)];
  }
  if (kind === "unusable") {
    const fix = `Give the folder to the user that the bot runs as (\`chown\`), or set FANFOLD_DATA to another one.`;
    return [failure("data", `${dir} cannot be written (${data.why}).`, fix)];
  }
  const { mode, freeBytes } = data;
  const free = `${Math.floor(freeBytes / MIB).toLocaleString("en-US")} MiB are free`;
  const troubles: Finding[] = [];
  if (freeBytes < ROOMY_BYTES) {
    const level = freeBytes < TIGHT_BYTES ? failure : warning;
    const fix =
      "Make room, or move FANFOLD_DATA to a larger disk: without room no comment is kept.";
    troubles.push(level("data", `Only ${free} in ${dir}.`, fix));
  }
  if (!isWindows && (mode & 0o077) !== 0) {
    const others = `${dir} is open to other users of this machine (mode ${mode.toString(8)}), and holds what agents read and said.`;
    troubles.push(warning("data", others, `Type \`chmod 700 ${dir}\`.`));
  }
  return troubles.length > 0 ? troubles : [ok("data", `${dir} can be written; ${free}.`)];
}

export function judgeSandbox({ gave, hasNetwork }: SandboxTrial): Finding {
  if (gave !== '[42,"undefined","undefined"]') {
    const fix =
      "Type `npm ci` again, and post what is said here if it stays so: no script can be trusted to run as it should.";
    return failure("sandbox", `A trial script gave something else than it should: ${gave}`, fix);
  }
  if (!hasNetwork) {
    return ok("sandbox", "A trial script ran in a process of its own, which has no network.");
  }
  const found =
    "A trial script ran in a process of its own. Scripts have no way to a network; the process around them has one, because this system does not let it do without.";
  const fix =
    "To close that too, install `unshare` (util-linux) and allow user namespaces; in a container, by its seccomp profile.";
  return warning("sandbox", found, fix);
}
