// What operators fetch and collectors get, over HTTP on loopback, by OpenTelemetry's own parts.

import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";

import { openTelemetry } from "../../../src/outside/telemetry/open.ts";
import { traceOf } from "../../../src/outside/telemetry/trace-ids.ts";

afterEach(() => vi.unstubAllEnvs());

const portOf = (server: ReturnType<typeof createServer>): number => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return address.port;
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  server.close();
  await once(server, "close");
  return port;
}

describe("numbers", () => {
  it("are fetched as Prometheus reads them, with no name of a place among them", async () => {
    const port = await freePort();
    await using telemetry = openTelemetry({
      metrics: { host: "127.0.0.1", port },
      traces: false,
      version: "1.2.3",
    });
    await telemetry.listening;
    let left = 0.25;
    telemetry.watch("github.budget", () => [{ value: left, facts: {} }]);
    telemetry.add("runs.ended", 1, { status: "completed" });
    telemetry.add("runs.ended", 2, { status: "completed" });
    telemetry.add("spent", 0.125, { model: "claude" });
    telemetry.took("wait", 1500, { cause: "github" });
    const fetched = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const numbers = await fetched();
    expect(numbers).toContain('fanfold_runs_ended_total{status="completed"} 3');
    expect(numbers).toContain('fanfold_spent_dollars_total{model="claude"} 0.125');
    expect(numbers).toContain('fanfold_wait_seconds_sum{cause="github"} 1.5');
    expect(numbers).toContain('fanfold_wait_seconds_bucket{cause="github",le="1"} 0');
    expect(numbers).toContain('fanfold_wait_seconds_bucket{cause="github",le="2.5"} 1');
    expect(numbers).toContain("fanfold_github_budget_left_ratio 0.25");
    left = 0.5;
    expect(await fetched()).toContain("fanfold_github_budget_left_ratio 0.5");
  });

  it("that nobody can fetch stop the start", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    await using telemetry = openTelemetry({
      metrics: { host: "127.0.0.1", port: portOf(taken) },
      traces: false,
      version: "1.2.3",
    });
    await expect(telemetry.listening).rejects.toThrow("EADDRINUSE");
    taken.close();
  });
});

/** What we read of a request in OTLP. */
const Sent = z.object({
  resourceSpans: z.array(
    z.object({
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              attributes: z.array(z.object({ key: z.string(), value: z.unknown() })),
              status: z.object({ code: z.int(), message: z.string().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
});
type SentSpan = z.infer<
  typeof Sent
>["resourceSpans"][number]["scopeSpans"][number]["spans"][number];

/** A collector on loopback, with what it was sent. */
async function openCollector() {
  const spans: SentSpan[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { resourceSpans } = Sent.parse(JSON.parse(body));
      for (const { scopeSpans } of resourceSpans)
        for (const scope of scopeSpans) spans.push(...scope.spans);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", `http://127.0.0.1:${portOf(server)}`);
  return { spans, [Symbol.dispose]: () => void server.close() };
}

describe("traces", () => {
  it("hold the turns of an agent inside of it, and agents inside of their run", async () => {
    using collector = await openCollector();
    {
      await using telemetry = openTelemetry({ metrics: null, traces: true, version: "1.2.3" });
      const turn = () => telemetry.during({ name: "turn", facts: {} }, async () => 1);
      const agent = () =>
        telemetry.during({ name: "agent", run: "wf-1", facts: { role: "worker" } }, async () => {
          await Promise.resolve();
          return turn();
        });
      // Agents may begin in what another run goes on in: they belong to their own all the same.
      await telemetry.during({ name: "run", run: "wf-1", facts: {} }, (learn) =>
        telemetry.during({ name: "run", run: "wf-2", facts: {} }, async () => {
          await agent();
          learn({ status: "completed" });
        }),
      );
    }
    const one = (name: string, trace: string): SentSpan => {
      const [found, ...more] = collector.spans.filter(
        (span) => span.name === name && span.traceId === trace,
      );
      if (found === undefined || more.length > 0) throw new Error(`Not one ${name}.`);
      return found;
    };
    expect(collector.spans).toHaveLength(4);
    const run = one("run", traceOf("wf-1"));
    const agent = one("agent", traceOf("wf-1"));
    expect(run.parentSpanId ?? "").toBe("");
    expect(run.attributes).toContainEqual({
      key: "fanfold.status",
      value: { stringValue: "completed" },
    });
    expect(agent.parentSpanId).toBe(run.spanId);
    expect(one("turn", traceOf("wf-1")).parentSpanId).toBe(agent.spanId);
    expect(one("run", traceOf("wf-2")).parentSpanId ?? "").toBe("");
  });

  it("say that something failed and what kind it was, and nothing of its words", async () => {
    using collector = await openCollector();
    {
      await using telemetry = openTelemetry({ metrics: null, traces: true, version: "1.2.3" });
      const broken = telemetry.during({ name: "run", run: "wf-3", facts: {} }, () =>
        Promise.reject(new RangeError("acme/secret-plans is not there")),
      );
      await expect(broken).rejects.toThrow("acme/secret-plans");
    }
    expect(collector.spans.map(({ status }) => status)).toEqual([
      { code: 2, message: "RangeError" },
    ]);
    expect(JSON.stringify(collector.spans)).not.toContain("secret-plans");
  });
});
