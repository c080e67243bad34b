// Peak memory of this process and of its children, as the system tells it.

import { readdirSync, readFileSync } from "node:fs";

/** The most memory this process has held, in MB. */
export function peakMb(): number {
  return peakOf("self") ?? process.resourceUsage().maxRSS / 1024;
}

/** The most memory one of the living children of this process has held, in MB; null where the system does not tell. */
export function childPeakMb(): number | null {
  const peaks = childrenOf(process.pid).map((pid) => peakOf(String(pid)) ?? 0);
  return peaks.length === 0 ? null : Math.max(...peaks);
}

function childrenOf(parent: number): number[] {
  return numbersIn("/proc").filter((pid) => statusOf(String(pid), "PPid") === parent);
}

function numbersIn(folder: string): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync(folder)
    .map(Number)
    .filter((number) => Number.isInteger(number));
}

function peakOf(pid: string): number | null {
  const kib = statusOf(pid, "VmHWM");
  return kib === null ? null : kib / 1024;
}

function statusOf(pid: string, field: string): number | null {
  if (process.platform !== "linux") return null;
  try {
    const found = new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(
      readFileSync(`/proc/${pid}/status`, "utf8"),
    );
    return found === null ? null : Number(found[1]);
  } catch {
    return null; // a process that has ended meanwhile
  }
}
