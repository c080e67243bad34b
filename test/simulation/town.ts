// The people, the machines, and GitHub's deliveries between them.

import { runMarker } from "../../src/runs/names.ts";
import { isEnded } from "../../src/runs/record.ts";
import { replyMarker } from "../../src/command/replies.ts";
import type { Attempt, Deliveries } from "../../src/world/deliveries.ts";
import type { CommentEvent } from "../../src/world/inbox.ts";
import { type Bot, kind, startBot, type Surroundings } from "./bot.ts";
import { draw, drawInt } from "./core/draw.ts";
import type { Process } from "./core/seam.ts";
import { buildMachine, type Machine } from "./machine.ts";
import type { Deed } from "./scenario.ts";

/** What people are left with, for comparing worlds. */
export interface Left {
  /** Statuses of all runs. */
  runs: string[];
  /** Files of the final pull requests, by path. */
  files: Record<string, string>;
  openPulls: number;
}

interface Given {
  seed: number;
  thread: number;
  deeds: readonly Deed[];
}

/** How a run's comment begins. */
const HEADINGS: Readonly<Record<string, string>> = {
  waiting: "✋ Waiting",
  completed: "✅ Completed",
  degraded: "⚠️ Completed in part",
  failed: "❌ Failed",
  cancelled: "⏹️ Cancelled",
};

/** When a machine that died is started again, in milliseconds. */
const RESTART_MS = [1_000, 60_000] as const;
const ELSEWHERE = 0.3;
const QUESTION_MS = 30_000;

export class Town {
  crashes = 0;
  private readonly around: Omit<Surroundings, "deliveries">;
  private readonly given: Given;
  private machine: Machine = buildMachine();
  private readonly attempts: (Attempt & { content: CommentEvent })[] = [];
  private bot: Bot | null = null;
  private lives = 0;
  private openDeeds: number;

  constructor(around: Omit<Surroundings, "deliveries">, given: Given) {
    this.around = around;
    this.given = given;
    this.openDeeds = given.deeds.length;
  }

  begin(): void {
    this.start();
    for (const deed of this.given.deeds) this.at(deed.at, () => this.act(deed));
  }

  /** Everything was said, done and answered, and no run moves. */
  isAtRest(): boolean {
    if (this.openDeeds > 0 || this.bot === null) return false;
    const records = this.bot.desk.runs().map((run) => run.record());
    const isQuiet = records.every(
      ({ status, endTold }) => (isEnded(status) && endTold) || status === "waiting",
    );
    return isQuiet && this.unanswered().length === 0;
  }

  /** Commands that nobody was told anything about. */
  unanswered(): number[] {
    const { comments } = this.around.github.state;
    const begun = new Set(this.bot?.desk.runs().map((run) => run.record().said?.id));
    return comments
      .filter(({ author, body }) => people.has(author) && body.startsWith("/workflow"))
      .map(({ id }) => id)
      .filter(
        (id) =>
          !begun.has(id) && !comments.some(({ body }) => body.includes(replyMarker(String(id)))),
      );
  }

  /** Whether the threads and the records tell the same; each difference in words. */
  untruths(): string[] {
    const { comments } = this.around.github.state;
    return (this.bot?.desk.runs() ?? []).flatMap((run) => {
      const { id, status } = run.record();
      const told = comments.filter(({ body }) => body.includes(runMarker(id)));
      const [comment] = told;
      if (comment === undefined) return [`run ${id} has no comment`];
      const words = HEADINGS[status] ?? status;
      const isTold = comment.body.includes(words);
      return isTold ? [] : [`run ${id} is ${status}, and its comment does not say "${words}"`];
    });
  }

  describe(): string {
    const records = (this.bot?.desk.runs() ?? []).map((run) => run.record());
    return JSON.stringify({
      openDeeds: this.openDeeds,
      unanswered: this.unanswered(),
      runs: records.map(({ id, status, statusDetail, endTold }) => [
        id,
        status,
        statusDetail,
        endTold,
      ]),
      log: this.around.log.lines.slice(-4),
    });
  }

  left(): Left {
    const { github, hub } = this.around;
    const open = github.state.pulls.filter(({ state }) => state === "open");
    const files: Record<string, string> = {};
    for (const { headSha } of open) {
      for (const [path, { blob }] of hub.objects.treeOf(headSha))
        files[path] = hub.objects.text(blob);
    }
    const runs = (this.bot?.desk.runs() ?? []).map((run) => run.record().status);
    return { runs, files, openPulls: open.length };
  }

  private at(ms: number, happen: () => void): void {
    this.around.timeline.after(ms, null, happen);
  }

  private start(): void {
    this.lives += 1;
    const process: Process = {
      name: `p${this.lives}`,
      alive: true,
      frozenUntil: 0,
      onDeath: () => this.onDeath(),
    };
    const around = { ...this.around, deliveries: this.deliveries() };
    this.bot = startBot(around, this.machine, process);
  }

  private onDeath(): void {
    this.crashes += 1;
    this.bot = null;
    const key = `restart ${this.lives}`;
    const { seed } = this.given;
    // Another machine takes its place.
    if (draw(seed, `${key} elsewhere`) < ELSEWHERE) this.machine = buildMachine();
    this.at(drawInt(seed, key, RESTART_MS), () => this.start());
  }

  private act(deed: Deed): void {
    const { hub, timeline } = this.around;
    if (deed.kind === "answers") return this.answerQuestion(deed);
    this.openDeeds -= 1;
    if (deed.kind === "says") this.say(deed.by, deed.body);
    else hub.commitFiles("main", deed.files, timeline.now);
  }

  /** Whoever wants to answer waits for the question. */
  private answerQuestion(deed: Extract<Deed, { kind: "answers" }>): void {
    const { comments } = this.around.github.state;
    const asks = comments.some(({ body }) => body.includes(":question="));
    const runs = this.bot?.desk.runs() ?? [];
    const isOver =
      this.bot !== null &&
      this.unanswered().length === 0 &&
      runs.every((run) => run.record().endTold);
    if (!asks && !isOver) return this.at(QUESTION_MS, () => this.answerQuestion(deed));
    this.openDeeds -= 1;
    if (asks) this.say("ada", `/workflow ${deed.word}`);
  }

  private say(by: string, body: string): void {
    const id = this.around.github.say(this.given.thread, by, body);
    const sender = { id: people.get(by)?.id ?? 99, login: by, type: "User" };
    this.deliver(`delivery-${id}`, {
      source: "comment",
      key: String(id),
      place: null,
      repository: this.around.ref,
      thread: this.given.thread,
      isPullRequest: false,
      comment: {
        id,
        body,
        authorId: sender.id,
        authorLogin: by,
        authorType: "User",
        viaApp: false,
      },
      sender,
      delivery: `delivery-${id}`,
    });
  }

  /** One attempt; GitHub makes no other by itself. */
  private deliver(guid: string, content: CommentEvent): void {
    const { bot } = this;
    const attempt = {
      id: this.attempts.length + 1,
      guid,
      at: this.around.timeline.now,
      isDelivered: false,
      ...kind,
      content,
    };
    this.attempts.push(attempt);
    bot?.intake.take(content).then(
      () => {
        attempt.isDelivered = true;
      },
      () => {},
    );
  }

  private deliveries(): Deliveries {
    const { attempts } = this;
    return {
      async *attempts() {
        yield* attempts.toReversed();
      },
      redeliver: async ({ guid }) => {
        const known = attempts.find((attempt) => attempt.guid === guid);
        if (known !== undefined) this.at(1_000, () => this.deliver(guid, known.content));
      },
    };
  }
}

/** Who may speak here. */
export const people = new Map([["ada", { id: 1, role: "write" as const }]]);
