// Work that goes on after an answer was given; the server waits for it before it closes.

import type { Background } from "./core.ts";

export function openBackground(onError: (error: unknown) => void): Background & {
  close(): Promise<void>;
} {
  const closing = new AbortController();
  const running = new Set<Promise<void>>();
  const settled = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running);
  };
  return {
    closing: closing.signal,
    run(work) {
      const tracked = work.catch(onError).finally(() => running.delete(tracked));
      running.add(tracked);
    },
    settled,
    async close() {
      closing.abort();
      await settled();
    },
  };
}
