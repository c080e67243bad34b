// Looks at how much memory a process holds, where the system tells: the engine's own limits cover only the script's part.

import { readFileSync } from "node:fs";

const EVERY_MS = 250;

/** Calls `onMore` once when the process holds more than it may. Returns what ends the watch. */
export function watchMemory(
  pid: number | undefined,
  mostMib: number,
  onMore: () => void,
): () => void {
  if (pid === undefined || process.platform !== "linux") return () => {};
  const timer = setInterval(() => {
    if (residentMib(pid) <= mostMib) return;
    clearInterval(timer);
    onMore();
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function residentMib(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it has ended, which others notice
  }
}
