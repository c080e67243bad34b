// Gathers what is said in one go, because telling the host costs more than saying it.

import { join, push } from "./primordials.js";

const MOST_CHARS = 16_384;

/** `say` takes several texts, a line each. What is put here is said when the jobs under way are done, or on `flush`. */
export function outbox(say) {
  let lines = [];
  let chars = 0;
  return { put, flush };

  function put(line) {
    push(lines, line);
    chars += line.length;
    if (chars > MOST_CHARS) flush();
    else if (lines.length === 1) void flushLater();
  }

  function flush() {
    if (lines.length === 0) return;
    const said = lines;
    lines = [];
    chars = 0;
    say(join(said, "\n"));
  }

  // The engine's own await, with which no script can interfere as with a promise's methods.
  async function flushLater() {
    // oxlint-disable-next-line typescript/await-thenable
    await undefined;
    flush();
  }
}
