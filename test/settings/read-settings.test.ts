// A settings file is read as it stands, or every mistake in it is told with its line: a policy that is misspelt must not pass as none.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readSettings } from "../../src/settings/read-settings.ts";

function mistakesIn(text: string): string[] {
  const reading = readSettings(text);
  return reading.ok ? [] : reading.mistakes.map(({ line, sentence }) => `${line}: ${sentence}`);
}

describe("a settings file", () => {
  it.each([
    ["an empty one", "", {}],
    ["comments alone", "# nothing yet\n", {}],
    ["a switch", "disableWorkflows: true\n", { disableWorkflows: true }],
    [
      "sections",
      "budget: { run: 5 }\napproval:\n  when: always\n  trusted: [audit]\n",
      { "budget.run": 5, "approval.when": "always", "approval.trusted": ["audit"] },
    ],
    [
      "instructions",
      "paths:\n  instructions:\n    - paths: src/**\n      text: |\n        Be careful.\n",
      { "paths.instructions": [{ paths: "src/**", text: "Be careful." }] },
    ],
    [
      "schedules",
      "schedules:\n  - workflow: Audit\n    args: { topic: x }\n    cron: daily at 9\n    when: { cooldownHours: 20 }\n",
      {
        schedules: [
          {
            name: "audit",
            workflow: "Audit",
            args: { topic: "x" },
            cron: "daily at 9",
            timezone: "UTC",
            when: { changed: ["**"], cooldownHours: 20 },
            report: "all",
          },
        ],
      },
    ],
  ])("is read: %s", (_, text, said) => {
    expect(readSettings(text)).toEqual({ ok: true, said });
  });

  it.each([
    [
      "model: opus\ndisableWorkflow: true",
      ["2: There is no setting `disableWorkflow`. Did you mean `disableWorkflows`?"],
    ],
    [
      "approval:\n  wen: always",
      ["2: There is no setting `approval.wen`. Did you mean `approval.when`?"],
    ],
    [
      "expiresHours: 3",
      ["1: There is no setting `expiresHours`. Did you mean `approval.expiresHours`?"],
    ],
    [
      "somethingElse: 3",
      [
        expect.stringMatching(
          /^1: There is no setting `somethingElse`\. Known here are: disableWorkflows, .*dashboard\.$/,
        ),
      ],
    ],
    [
      "paths:\n  instructions:\n    - paths: a\n      txt: b",
      [
        "3: `paths.instructions.1.text` must be a text, 4000 characters at most.",
        "4: There is no setting `paths.instructions.txt`. Did you mean `paths.instructions.text`?",
      ],
    ],
    [
      "schedules:\n  - workflow: audit\n    cron: weekly on moonday\n  - workflow: audit\n    cron: '*/20 * * * *'\n    timezone: Mars",
      [
        expect.stringMatching(/^3: `schedules.1.cron` must be a time such as `weekly on monday`, /),
        "4: `schedules.2.workflow` must be another one: two schedules are called audit, so give each a `name`.",
        "6: `schedules.2.timezone` must be the name of a time zone, such as Europe/Berlin or UTC.",
      ],
    ],
    [
      "schedules:\n  - workflow: audit\n    cron: monthly\n    when:\n      chnged: [src/**]",
      ["5: There is no setting `schedules.when.chnged`. Did you mean `schedules.when.changed`?"],
    ],
    [
      "schedules:\n  - workflow: audit\n    cron: '*/20 * * * *'\n  - workflow: two words\n    cron: 0 0 31 2 *",
      [
        "3: `schedules.1.cron` must leave an hour between two starts.",
        "4: `schedules.2.workflow` is no name for a schedule: give it a `name` of small letters, digits and hyphens.",
        "5: `schedules.2.cron` must be a time that comes: this one never does.",
      ],
    ],
    ["disableWorkflows: yes", ["1: `disableWorkflows` must be true or false."]],
    ["disableWorkflows:", ["1: `disableWorkflows` must be true or false."]],
    ["budget: 5", ["1: `budget` must hold settings, one a line, indented."]],
    [
      "budget:\n  run: $5",
      [
        "2: `budget.run` must be a number of US dollars from 0.01 to 1000, without a sign for the unit.",
      ],
    ],
    ["permissions:\n  run: read", ["2: `permissions.run` must be write, maintain or admin."]],
    ["limits:\n  agents: 2000", ["2: `limits.agents` must be a whole number from 1 to 1000."]],
    [
      `paths:\n  protected: ["${"*/".repeat(30)}x"]`,
      ["2: `paths.protected.1` must not have more than 24 stars."],
    ],
    ["- a", ["1: The file must hold settings, one a line, indented."]],
    ["limits: {}\nlimits: {}", [expect.stringMatching(/^2: This is no YAML: `.*unique/)]],
    ["a: [", [expect.stringMatching(/^1: This is no YAML/)]],
    ["x: !!js/function a", [expect.stringMatching(/^1: This is no YAML/)]],
    [`model: ${"x".repeat(70_000)}`, [expect.stringContaining("64000 are read at most")]],
    ["a: &a [x]\nb: [*a,*a,*a,*a]\nc: *zz", [expect.stringMatching(/This is no YAML|alias/)]],
  ])("%j is told with its line", (text, mistakes) => {
    expect(mistakesIn(text)).toEqual(mistakes);
  });

  it("shows the line a mistake stands on, and every mistake there is", () => {
    const reading = readSettings("size: huge\neffort: much\n");
    expect(reading).toMatchObject({
      ok: false,
      mistakes: [{ text: "size: huge" }, { text: "effort: much" }],
    });
  });

  it("never throws, whatever is in it", () => {
    const piece = fc.constantFrom(
      "a",
      ":",
      " ",
      "\n",
      "- ",
      "{",
      "}",
      "[",
      "&a",
      "*a",
      "!",
      "'",
      "limits",
      "?",
      "|",
      "\t",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        expect([true, false]).toContain(readSettings(pieces.join("")).ok);
      }),
      { numRuns: 500 },
    );
  });
});
