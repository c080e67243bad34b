// The end of a job's log: GitHub sends us to a short-lived address, where only the last part is kept of what is read.

import { z } from "zod";

import { at, type ForgeContext } from "./context.ts";
import { jobLog } from "./limits.ts";

const Redirect = z.object({ location: z.url({ protocol: /^https?$/ }) });

/** Null when GitHub names no place to read it. The address is asked without our token: it opens by itself. */
export async function endOfLog(context: ForgeContext, job: number): Promise<string | null> {
  const answer = await context.client.rest.actions.downloadJobLogsForWorkflowRun({
    ...at(context),
    job_id: job,
    request: { redirect: "manual" },
  });
  const place = Redirect.safeParse(answer.headers);
  if (!place.success) return null;
  try {
    const signal = AbortSignal.timeout(jobLog.readMs);
    const log = await fetch(place.data.location, { redirect: "error", signal });
    return log.ok && log.body !== null ? await endOfStream(log.body) : null;
  } catch {
    // It is another host that does not answer: the check's own words are read instead.
    return null;
  }
}

async function endOfStream(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let end = "";
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    end = (end + decoder.decode(chunk, { stream: true })).slice(-jobLog.keptChars);
    if (bytes >= jobLog.readBytes) break;
  }
  return end;
}
