// What operators copy is true: the compose file and the page for Kubernetes name commands, paths and variables that exist.

import { readFile } from "node:fs/promises";

import { expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";

import { queueLimits } from "../src/config/limits.ts";
import { gauges } from "../src/outside/telemetry/instruments.ts";

const file = (name: string): Promise<string> =>
  readFile(new URL(`../${name}`, import.meta.url), "utf8");

const command = z.tuple([
  z.literal("node"),
  z.literal("bin/fanfold.js"),
  z.enum(["serve", "work"]),
]);

/** Variables that the environment is read for, as they stand in its schema. */
async function variables(): Promise<string> {
  return file("src/config/env-variables.ts");
}

it("the compose file starts both roles on one queue that keeps what it is told", async () => {
  const Fanfold = z.object({
    command,
    environment: z.record(z.string(), z.string()),
    env_file: z.literal(".env"),
    stop_grace_period: z.literal("30s"),
  });
  const Compose = z.object({
    services: z.object({
      serve: Fanfold,
      work: Fanfold,
      redis: z.object({ command: z.array(z.string()) }),
    }),
  });
  const { services } = Compose.parse(parse(await file("docker-compose.yml"), { merge: true }));
  expect(services.serve.command[2]).toBe("serve");
  expect(services.work.command[2]).toBe("work");
  const known = await variables();
  for (const { environment } of [services.serve, services.work]) {
    expect(environment["QUEUE_URL"]).toBe("redis://redis:6379");
    for (const name of Object.keys(environment)) expect(known).toContain(`${name}:`);
  }
  const redis = services.redis.command.join(" ");
  expect(redis).toContain("--appendonly yes");
  expect(redis).toContain("--maxmemory-policy noeviction");
});

it("the page for Kubernetes probes what the front door answers", async () => {
  const page = await file("docs/kubernetes.md");
  const [, yaml = ""] = /```yaml\n([^]*?)```/.exec(page) ?? [];
  const probe = (path: string) => z.object({ httpGet: z.object({ path: z.literal(path) }) });
  const Deployment = z.object({
    kind: z.literal("Deployment"),
    spec: z.object({
      template: z.object({
        spec: z.object({
          terminationGracePeriodSeconds: z.literal(30),
          containers: z.tuple([
            z.object({
              command,
              readinessProbe: probe("/ready"),
              livenessProbe: probe("/ping"),
              env: z.array(z.object({ name: z.string() })).default([]),
            }),
          ]),
        }),
      }),
    }),
  });
  const deployments = parseAllDocuments(yaml).map((one) => Deployment.parse(one.toJS()));
  const roles = deployments.map(({ spec }) => spec.template.spec.containers[0].command[2]);
  expect(roles).toEqual(["serve", "work"]);
  const door = await file("src/front-door.ts");
  for (const path of ["/ready", "/ping"]) expect(door).toContain(`"${path}"`);
  const known = await variables();
  for (const { spec } of deployments)
    for (const { name } of spec.template.spec.containers[0].env)
      expect(known).toContain(`${name}:`);
});

it("numbers are fetched from both roles, and the page for Kubernetes scales by one of them that exists", async () => {
  const page = await file("docs/kubernetes.md");
  const [roles = "", scaling = ""] = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(
    ([, yaml = ""]) => yaml,
  );
  const Roles = z.object({
    metadata: z.object({ name: z.string() }),
    spec: z.object({
      template: z.object({
        metadata: z.object({
          annotations: z.object({ "prometheus.io/port": z.literal("9464") }),
        }),
        spec: z.object({
          containers: z.tuple([
            z.object({
              env: z.tuple([
                z.object({ name: z.literal("FANFOLD_METRICS_PORT"), value: z.literal("9464") }),
              ]),
            }),
          ]),
        }),
      }),
    }),
  });
  const names = parseAllDocuments(roles).map((one) => Roles.parse(one.toJS()).metadata.name);
  const Scaled = z.object({
    kind: z.literal("ScaledObject"),
    spec: z.object({
      scaleTargetRef: z.object({ name: z.string() }),
      triggers: z.tuple([
        z.object({
          type: z.literal("prometheus"),
          metadata: z.object({ query: z.string(), threshold: z.literal(`${queueLimits.atOnce}`) }),
        }),
      ]),
    }),
  });
  const { scaleTargetRef, triggers } = Scaled.parse(parse(scaling)).spec;
  expect(names).toContain(scaleTargetRef.name);
  const { query } = triggers[0].metadata;
  const counted = [...query.matchAll(/(\w+)\{state="(\w+)"\}/g)].map(([, name, state]) => [
    name,
    state,
  ]);
  const outside = gauges.queue.name.replaceAll(".", "_");
  expect(counted).toEqual([
    [outside, "waiting"],
    [outside, "driven"],
  ]);
  const compose = parse(await file("docker-compose.yml"), { merge: true });
  const Counted = z.object({ environment: z.object({ FANFOLD_METRICS_PORT: z.literal("9464") }) });
  z.object({ services: z.object({ serve: Counted, work: Counted }) }).parse(compose);
});
