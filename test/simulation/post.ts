// GitHub's webhooks: one attempt each, by whichever way the weather lets it go, and a log of what became of them.

import type { Attempt, Deliveries } from "../../src/world/deliveries.ts";
import type { CommentEvent } from "../../src/world/inbox.ts";
import { kind } from "./bot.ts";
import type { Process, Seam } from "./core/seam.ts";
import type { Timeline } from "./core/timeline.ts";

interface PostParts {
  seam: Seam;
  timeline: Timeline;
  /** Whoever listens where the webhooks go; null: nobody. */
  listener: () => { take(content: CommentEvent): Promise<void> } | null;
}

const REDELIVERY_MS = 1_000;

export class Post {
  private readonly attempts: (Attempt & { content: CommentEvent })[] = [];
  private readonly parts: PostParts;

  constructor(parts: PostParts) {
    this.parts = parts;
  }

  /** One attempt; GitHub makes no other by itself. */
  send(guid: string, content: CommentEvent): void {
    const { seam, timeline, listener } = this.parts;
    const attempt = {
      id: this.attempts.length + 1,
      guid,
      at: timeline.now,
      isDelivered: false,
      ...kind,
      content,
    };
    this.attempts.push(attempt);
    const hand = (): void => {
      listener()
        ?.take(content)
        .then(
          () => {
            attempt.isDelivered = true;
          },
          () => {},
        );
    };
    // Whether it went wrong on the way is for the log of attempts alone.
    seam.perform(sender, { kind: "webhook", name: guid }, hand).catch(() => {});
  }

  deliveries(): Deliveries {
    const { attempts, parts } = this;
    return {
      async *attempts() {
        yield* attempts.toReversed();
      },
      redeliver: async ({ guid }) => {
        const known = attempts.find((attempt) => attempt.guid === guid);
        if (known === undefined) return;
        parts.timeline.after(REDELIVERY_MS, null, () => this.send(guid, known.content));
      },
    };
  }
}

/** GitHub itself, which never dies here. */
const sender: Process = {
  name: "github",
  alive: true,
  frozenUntil: 0,
  onDeath: () => {},
  onTerm: () => {},
  onSecond: () => {},
};
