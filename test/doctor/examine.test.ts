// The look at the bot as a whole: no secret in any finding, and one look for all who ask at once.

import { expect, it } from "vitest";

import { createManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryDeliveries } from "../../src/outside/memory/deliveries.ts";
import { createMemoryRegistration } from "../../src/outside/memory/registration.ts";
import { concealingAll } from "../../src/open-doctor.ts";
import { createDoctor } from "../../src/doctor/examine.ts";
import type { CheckModel } from "../../src/world/model-check.ts";
import { wellEnv, wellMachine } from "../story/doctor-of.ts";

const KEY = "key-that-nobody-may-read";
const INSTALLATION_TOKEN = `ghs_${"a".repeat(36)}`;

function open(checkModel: CheckModel) {
  const clock = createManualClock();
  const deliveries = createMemoryDeliveries(clock);
  const registration = createMemoryRegistration(clock);
  const world = { clock, deliveries, registration, checkModel };
  const conceal = concealingAll({ ANTHROPIC_API_KEY: KEY }, null);
  const machine = {
    ...wellMachine,
    gitVersion: () => Promise.reject(new Error(`refused ${INSTALLATION_TOKEN}`)),
  };
  return { registration, doctor: createDoctor({ world, env: wellEnv, machine, conceal }) };
}

it("a secret in a failure of the outside stands in no finding", async () => {
  const { doctor } = open(() => Promise.reject(new Error(`invalid x-api-key: ${KEY}`)));
  const findings = await doctor.examine();
  const found = (id: string) => findings.find((finding) => finding.id === id)?.found;
  expect(found("model")).toBe("It could not be looked at: invalid x-api-key: [redacted]");
  expect(found("git")).toBe("It could not be looked at: refused [redacted]");
});

it("asks by the full id, once for all who ask at once, and anew for whoever asks later", async () => {
  const asked: string[] = [];
  const { doctor } = open(async (id) => {
    asked.push(id);
    return { kind: "there" };
  });
  await Promise.all([doctor.examine(), doctor.examine(), doctor.examine()]);
  expect(asked).toEqual([expect.stringMatching(/^claude-sonnet-/)]);
  await doctor.examine();
  expect(asked).toHaveLength(2);
});

it("a clock beside GitHub's is told, and all others are found well", async () => {
  const { doctor, registration } = open(async () => ({ kind: "there" }));
  registration.aheadMs = 45_000;
  const findings = await doctor.examine();
  const ill = findings.filter(({ level, id }) => level !== "ok" && id !== "git");
  expect(ill).toMatchObject([
    { id: "clock", level: "failure", found: expect.stringContaining("45 s behind GitHub's") },
  ]);
});
