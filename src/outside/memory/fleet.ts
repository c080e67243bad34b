// What several processes share, in one memory: for worlds in which they are objects beside each other.

import type { Clock } from "../../world/clock.ts";
import type { Fleet, Post, Told } from "../../world/fleet.ts";
import { type Letter, letterKey } from "../../world/inbox.ts";
import { createMemoryBoard } from "./board.ts";

/** An answered letter is remembered so long, and one that could not be answered comes again after this. */
export interface MemoryFleetOptions {
  clock: Clock;
  rememberedMs: number;
  againMs: number;
}

interface Hub extends MemoryFleetOptions {
  told: Map<string, Told>;
  /** Letters by key, until they are forgotten. */
  letters: Map<string, Letter>;
  /** Of each repository, the letter under way. */
  lanes: Map<number, Promise<void>>;
  answers: Set<Answer>;
  waiting: Letter[];
  /** Whoever does what only one process does. */
  turn: Promise<void>;
}

type Answer = Parameters<Post["start"]>[0];

/** Opens the memory; each call of what it returns is one process more. */
export function createMemoryFleet(options: MemoryFleetOptions): () => Fleet {
  const hub: Hub = {
    ...options,
    told: new Map(),
    letters: new Map(),
    lanes: new Map(),
    answers: new Set(),
    waiting: [],
    turn: Promise.resolve(),
  };
  const board = createMemoryBoard(options.clock);
  return () => ({
    board,
    post: postOf(hub),
    tell: async (one) => void hub.told.set(one.id, one),
    told: async (run) =>
      [...hub.told.values()]
        .filter((one) => run === undefined || one.run === run)
        .toSorted((one, other) => one.at - other.at),
    forget: async (texts) => {
      for (const { id } of texts) hub.told.delete(id);
    },
    alone: async (work, signal) => {
      const before = hub.turn;
      const mine = Promise.withResolvers<void>();
      hub.turn = before.then(() => mine.promise);
      const aborted = new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      await Promise.race([before, aborted]);
      if (!signal.aborted) await work(signal);
      mine.resolve();
    },
    close: async () => {},
  });
}

function postOf(hub: Hub): Post {
  let mine: Answer | null = null;
  return {
    keep: async (letter) => {
      const key = letterKey(letter);
      if (hub.letters.has(key)) return;
      hub.letters.set(key, letter);
      hub.waiting.push(letter);
      handOut(hub);
    },
    start: (answer) => {
      mine = answer;
      hub.answers.add(answer);
      handOut(hub);
    },
    close: async () => {
      if (mine !== null) hub.answers.delete(mine);
      await Promise.all(hub.lanes.values());
    },
  };
}

function handOut(hub: Hub): void {
  const [answer] = hub.answers;
  if (answer === undefined) return;
  for (const letter of hub.waiting.splice(0)) {
    const lane = letter.event.repository.repositoryId;
    const before = hub.lanes.get(lane) ?? Promise.resolve();
    hub.lanes.set(
      lane,
      before.then(() => answerOne(hub, answer, letter)),
    );
  }
}

async function answerOne(hub: Hub, answer: Answer, letter: Letter): Promise<void> {
  const heard = await answer(letter);
  const later = hub.clock.sleep(heard === "settled" ? hub.rememberedMs : hub.againMs);
  void later.then(() => {
    if (heard === "settled") return void hub.letters.delete(letterKey(letter));
    hub.waiting.push(letter);
    return handOut(hub);
  });
}
