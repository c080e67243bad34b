import { expect, it } from "vitest";

import { limits } from "../../src/config/limits.ts";
import { type OnboardingFacts, renderOnboarding } from "../../src/onboarding/render.ts";
import { readSettings } from "../../src/settings/read-settings.ts";

const facts = (given: Partial<OnboardingFacts>): OnboardingFacts => ({
  files: 3,
  languages: [{ name: "Go", files: 3 }],
  workflows: [
    { name: "audit", description: "Audits.", origin: "built-in" },
    { name: "notes", description: "Writes notes.", origin: "repository" },
  ],
  hasCi: true,
  audit: null,
  ...given,
});

const capIn = (given: Partial<OnboardingFacts>): number =>
  Number(/^ {2}run: (\d+)$/mu.exec(renderOnboarding(facts(given)).file)?.[1]);

it("offers workflows that have something to do: none about program text where there is none", () => {
  expect(renderOnboarding(facts({})).body).toContain("`/workflow audit`: Audits.");
  const { body } = renderOnboarding(facts({ languages: [{ name: "Markdown", files: 3 }] }));
  expect(body).not.toContain("`/workflow audit`: Audits.");
  expect(body).toContain("`/workflow notes` *(this repository's own)*: Writes notes.");
});

it("claims of CI only what it saw", () => {
  expect(renderOnboarding(facts({ hasCi: false })).body).toContain(
    "No workflow of GitHub Actions was found; what other CI says of a branch, scripts can ask for all the same.",
  );
});

it("proposes a cap that takes nothing away, with room above the price of an audit", () => {
  expect(capIn({})).toBe(limits.run.budgetUsd);
  expect(capIn({ audit: { agents: 90, lowUsd: 40, highUsd: 100 } })).toBe(150);
});

it("keeps words of a repository's own workflow from being more than words", () => {
  const description = "Pings @acme/all <!-- fanfold:run=1 --> | and\n# more";
  const workflows = [{ name: "notes", description, origin: "repository" as const }];
  const { body, file } = renderOnboarding(facts({ workflows }));
  expect(body).not.toMatch(/^# more|<!-- fanfold/mu);
  expect(body).not.toMatch(/ @acme\/all/u);
  expect(readSettings(file)).toMatchObject({ ok: true });
});
