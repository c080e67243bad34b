// A repository with migrations under way, in memory: what runs hand over is put in by hand, people and CI act, and looks are taken.

import { limits } from "../../src/config/limits.ts";
import { createMemoryGitHub, type BeforeAsking } from "../../src/outside/memory/forge.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import type { Home } from "../../src/outside/memory/home.ts";
import type { KeptPull } from "../../src/outside/memory/state.ts";
import { createMigrationDesk } from "../../src/migrations/desk.ts";
import { openMigrations } from "../../src/migrations/ledger.ts";
import type { RedoWorld } from "../../src/migrations/redo.ts";
import { migrationIdOf, type Shard, shardBranchOf } from "../../src/migrations/state.ts";
import { runIdOf } from "../../src/runs/names.ts";
import type { Secret } from "../../src/runs/seal.ts";
import { ForgeError } from "../../src/world/forge-error.ts";
import { Hub } from "../simulation/git/hub.ts";
import { mergeInto } from "./merge.ts";
import { openMemoryHouse, SECRET } from "./memory-house.ts";

const WHAT = "A to B";
const ref = { installationId: 1, repositoryId: 1, owner: "acme", name: "site" };
const HOUR_MS = 60 * 60_000;

/** `settings` stands below `pullRequests:` beside `per: shard`. */
export function openTown({
  files,
  settings = "",
  before = () => {},
  what = WHAT,
}: {
  files: Readonly<Record<string, string>>;
  settings?: string;
  before?: BeforeAsking;
  what?: string;
}) {
  const id = migrationIdOf(what);
  const clock = createManualClock();
  const hub = new Hub();
  const people = new Map([["ada", { id: 1, role: "write" as const }]]);
  const inner = hub.home();
  let losesAnswers = false;
  const home: Home = {
    ...inner,
    moveRefs: async (moves) => {
      const moved = await inner.moveRefs(moves);
      if (losesAnswers) throw new ForgeError("unreachable", "The answer is lost.");
      return moved;
    },
  };
  const github = createMemoryGitHub({ ref, home, people, before });
  const started: string[] = [];
  const begun = new Set<string>();
  const refuse: { start: Error | null; over: boolean } = { start: null, over: false };
  const desk: RedoWorld["desk"] = {
    start: async ({ words, key }) => {
      if (refuse.start !== null) throw refuse.start;
      started.push(words.join(" "));
      begun.add(runIdOf(ref.repositoryId, key));
      return "new";
    },
    outcome: async (_, run) =>
      begun.has(run)
        ? {
            run,
            occasion: null,
            state: refuse.over ? "completed" : "running",
            isOver: refuse.over,
            detail: null,
            commit: null,
            found: null,
            finalPull: null,
            costUsd: 0,
            url: null,
            createdAt: 0,
            endedAt: 0,
          }
        : null,
  };
  const push = (edits: Readonly<Record<string, string | null>>, branch = "main") =>
    hub.commitFiles(branch, edits, clock.now());
  push({ ...files, ".github/fanfold.yml": `pullRequests:\n  per: shard\n${settings}` });

  /** A process of the bot, with objects and a disk of its own. */
  const openBot = (secret: Secret = SECRET) => {
    const house = openMemoryHouse({ clock, hub, github, ref, secret });
    const migrations = createMigrationDesk(house, desk);
    return {
      ledger: openMigrations(house),
      look: (speed = 1) => clock.during(migrations.beat(new AbortController().signal), speed),
    };
  };
  let last = openBot();
  let runs = 0;

  /** A run hands over one part for each entry: the files of a part as it leaves them, made on `main` as it is. */
  const propose = async (
    parts: Readonly<Record<string, Readonly<Record<string, string | null>>>>,
    { refused = [] as string[] } = {},
  ): Promise<void> => {
    const run = `wf-${++runs}`;
    const base = hub.refs.get("refs/heads/main") ?? "";
    const proposed = [];
    for (const [name, edits] of Object.entries(parts)) {
      const branch = `fanfold/${run}/w${proposed.length}`;
      hub.move(`refs/heads/${branch}`, base);
      const head = push(edits, branch);
      const paths = Object.keys(edits);
      proposed.push({
        name,
        files: paths,
        change: `w${proposed.length}`,
        base,
        head,
        summary: `Turn ${name}`,
      });
    }
    await last.ledger.propose(ref, {
      what,
      run,
      by: { id: 1, login: "ada" },
      thread: 1,
      proposed,
      refused: refused.map((name) => ({ name, why: "rejected" })),
      coverage: null,
    });
  };

  return {
    clock,
    hub,
    ref,
    github: github.state,
    /** What runs were begun with. */
    started,
    /** How the desk of runs answers. */
    refuse,
    openBot,
    /** Branches of parts, and hidden refs that keep their commits. */
    refs: (): string[] =>
      [...hub.refs.keys()].filter((name) =>
        /fanfold\/(migrations\/|migration-[0-9a-f]{8})/u.test(name),
      ),
    /** Refs are moved, and whoever asked for it does not hear so. */
    loseAnswers: (yes: boolean) => void (losesAnswers = yes),
    push,
    propose,
    /** The process is replaced, and its disk with it; `secret` may be another one from then on. */
    restart: (secret?: Secret) => void (last = openBot(secret)),
    /** Time stands nearly still meanwhile; where pushes wait for their turn, `speed` lets it run. */
    look: (speed?: number) => last.look(speed),
    /** Time passes; then a look is taken. */
    later: async (ms = limits.migration.lookMs, speed?: number): Promise<void> => {
      await clock.advance(ms);
      await last.look(speed);
    },
    hours: async (count: number): Promise<void> => {
      for (let hour = 0; hour < count; hour++) {
        await clock.advance(HOUR_MS);
        await last.look();
      }
    },
    shards: async (): Promise<readonly Shard[]> =>
      (await last.ledger.book.read(ref)).get(id)?.shards ?? [],
    shard: async (name: string): Promise<Shard> => {
      const all = (await last.ledger.book.read(ref)).get(id)?.shards ?? [];
      const found = all.find((each) => each.name === name);
      if (found === undefined) throw new Error(`There is no part ${name}.`);
      return found;
    },
    known: () => last.ledger.known(ref, what),
    /** Somebody undoes a run. */
    takeBack: (run: string) => last.ledger.takeBack(ref, run),
    /** Of parts, in the order in which they were opened. */
    pulls: (): KeptPull[] =>
      github.state.pulls.filter(({ head }) => head.startsWith("fanfold/migration-")),
    pullOf: (name: string): KeptPull => {
      const head = shardBranchOf(id, name);
      const found = github.state.pulls.find((pull) => pull.head === head);
      if (found === undefined) throw new Error(`There is no pull request for ${name}.`);
      return found;
    },
    issue: (): string =>
      github.state.issues.find(({ title }) => title.startsWith("Migration:"))?.body ?? "",
    row: (name: string): string =>
      (github.state.issues.find(({ title }) => title.startsWith("Migration:"))?.body ?? "")
        .split("\n")
        .find((line) => line.includes(`\`${name}\``)) ?? "",
    merge: async (name: string, how: "merge" | "squash" = "merge"): Promise<void> => {
      const pull = github.state.pulls.findLast(({ head }) => head === shardBranchOf(id, name));
      if (pull === undefined) throw new Error(`There is no pull request for ${name}.`);
      await mergeInto(hub, pull, { how, at: clock.now() });
      if (how === "squash") Object.assign(pull, { merged: true, state: "closed" });
    },
    textOf: (path: string, refName = "refs/heads/main"): string | null => {
      const tip = hub.refs.get(refName);
      const leaf = tip === undefined ? undefined : hub.objects.treeOf(tip).get(path);
      return leaf === undefined ? null : hub.objects.text(leaf.blob);
    },
  };
}
