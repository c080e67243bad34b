// Opens OpenTelemetry's own parts, and only those that were asked for.

import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";

import type { Telemetry } from "../../world/telemetry.ts";
import { createTelemetry } from "./telemetry.ts";
import { createTraceIds } from "./trace-ids.ts";

export interface TelemetryOptions {
  /** Where Prometheus fetches `/metrics`; null: nowhere. */
  metrics: { host: string; port: number } | null;
  /** Whether traces are sent. Where to and how is OpenTelemetry's own environment, `OTEL_EXPORTER_OTLP_*`. */
  traces: boolean;
  version: string;
}

export interface OpenTelemetry extends Telemetry, AsyncDisposable {
  /** Resolves when numbers can be fetched. Rejects with the listener's error. */
  listening: Promise<void>;
}

/** Opens both; disposing sends what is left. */
export function openTelemetry({ metrics, traces, version }: TelemetryOptions): OpenTelemetry {
  const resource = resourceFromAttributes({
    "service.name": "fanfold",
    "service.version": version,
  });
  const ids = createTraceIds();
  const exporter =
    metrics === null
      ? null
      : new PrometheusExporter({ ...metrics, withoutScopeInfo: true, preventServerStart: true });
  const meters = exporter === null ? null : new MeterProvider({ resource, readers: [exporter] });
  const spans = traces ? openSpans(resource, ids) : null;
  return {
    ...createTelemetry({
      meter: meters?.getMeter("fanfold", version) ?? null,
      tracer: spans?.getTracer("fanfold", version) ?? null,
      ids,
    }),
    listening: exporter?.startServer() ?? Promise.resolve(),
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled([meters?.shutdown(), spans?.shutdown()]);
    },
  };
}

function openSpans(
  resource: ReturnType<typeof resourceFromAttributes>,
  idGenerator: ReturnType<typeof createTraceIds>,
): TracerProvider {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const exporter = new OTLPTraceExporter();
  return new TracerProvider({
    resource,
    idGenerator,
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
}
