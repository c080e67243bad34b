// What must hold in every world, whatever goes wrong in it.

import type { TurnRequest } from "../../src/agent/model.ts";
import type { GitHubState } from "../../src/outside/memory/state.ts";
import { ourLogin } from "../../src/outside/memory/state.ts";
import type { Operation } from "./core/seam.ts";
import { SECRET } from "./bot.ts";
import { Chains } from "./chains.ts";
import { openPaces, type Push } from "./paces.ts";
import { openSecrets } from "./secrets.ts";
import { openWriters } from "./writers.ts";
import type { Hub, Move } from "./git/hub.ts";

export interface Violation {
  invariant: string;
  at: number;
  what: string;
}

interface Watched {
  hub: Hub;
  github: GitHubState;
  now: () => number;
  /** Refs that people move. */
  isOfPeople: (ref: string) => boolean;
  /** Whether people closed a pull request, or deleted a branch of it: another one may be opened. */
  isGivenUp: (pull: number) => boolean;
}

export interface Watch {
  readonly violations: Violation[];
  readonly chains: Chains;
  onMove(move: Move): void;
  /** Before a push leaves its process. */
  onPush(push: Push): void;
  /** After every operation. */
  onOperation(operation: Operation, process: string): void;
  /** Before the provider is asked. */
  onAsking(request: TurnRequest, process: string): void;
  /** From now on nothing of ours has anything to do. */
  rest(): void;
  violate(invariant: string, what: string): void;
  /** How often something was written so far. */
  writes(): number;
}

/** What changes something that others see. */
const WRITES = /^(?:create|edit|put|move|hide|resolve|upload|push|react|unreact)/u;

const OURS = /^refs\/(?:heads\/fanfold\/|fanfold\/)/u;

export function openWatch(watched: Watched): Watch {
  const violations: Violation[] = [];
  const seen = new Set<string>();
  let isAtRest = false;
  let writes = 0;
  const violate = (invariant: string, what: string): void => {
    if (seen.has(`${invariant} ${what}`)) return;
    seen.add(`${invariant} ${what}`);
    violations.push({ invariant, at: watched.now(), what });
  };
  const chains = new Chains({ ...watched, secret: SECRET, violate });
  const writers = openWriters({ chains, now: watched.now, violate });
  const secrets = openSecrets({ hub: watched.hub, violate });
  return {
    violations,
    chains,
    onPush: openPaces({ ...watched, chains, secret: SECRET, violate }),
    onMove: (move) => {
      if (!watched.isOfPeople(move.ref) && !OURS.test(move.ref))
        violate("only our own refs are moved", move.ref);
      chains.onMove(move);
      secrets.onMove(move);
    },
    onAsking: (request, process) => writers.onAsking(request, process),
    onOperation: (operation, process) => {
      const { kind, name } = operation;
      const isWrite = (kind === "forge" || kind === "git") && WRITES.test(name);
      if (!isWrite) return;
      writes += 1;
      if (kind === "forge") {
        writers.onWrite(operation, process);
        secrets.onWrite(operation);
      }
      if (isAtRest) violate("nothing is written after the end", name);
      for (const [what, times] of repeated(watched))
        violate("nothing is made twice", `${what}: ${times} times`);
    },
    rest: () => {
      isAtRest = true;
    },
    violate,
    writes: () => writes,
  };
}

/** Everything of ours that stands on GitHub, by what makes it one of a kind; only what is there more than once. */
function repeated({ github, isGivenUp }: Watched): [string, number][] {
  const { comments, pulls, reviews, checks } = github;
  const names = [
    ...comments
      .filter(({ author }) => author === ourLogin)
      .flatMap(({ thread, body }) => marksIn(body).map((mark) => `comment in ${thread} ${mark}`)),
    ...pulls
      // GitHub itself takes no second one while the first is open.
      .filter(({ number }) => !isGivenUp(number))
      .map(({ head, base }) => `pull request of ${head} for ${base}`),
    ...reviews.flatMap(({ pull, body }) =>
      marksIn(body).map((mark) => `review of ${pull} ${mark}`),
    ),
    ...checks.map(({ externalId, headSha }) => `check ${externalId} on ${headSha}`),
  ];
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].filter(([, times]) => times > 1);
}

/** Hidden marks of a body; those of a run that other words carry along are left out. */
const marksIn = (body: string): string[] =>
  (body.match(/<!-- fanfold:[^>]*-->/gu) ?? []).slice(0, 1);
