// An inbox that lasts as long as the object: a test that hands it to a second bot plays a restart.

import { type Inbox, InboxFull, type Letter, letterKey } from "../../world/inbox.ts";

export function createMemoryInbox({ lettersMax }: { lettersMax: number }): Inbox {
  const kept = new Map<string, Letter>();
  return {
    async keep(letter) {
      const key = letterKey(letter);
      if (kept.has(key)) return;
      if (kept.size >= lettersMax) throw new InboxFull(`${kept.size} comments wait already.`);
      kept.set(key, letter);
    },
    letters: async () => [...kept.values()].toSorted((a, b) => a.at - b.at),
    async remove(letter) {
      kept.delete(letterKey(letter));
    },
  };
}
