// Findings for code scanning: one alert a finding for as long as it has its id, and nothing of what was dismissed.

import { expect, it } from "vitest";

import { emptyLedger, type KnownFinding } from "../../src/audit/ledger.ts";
import { sarifOf } from "../../src/audit/sarif.ts";

const finding = (change: Partial<KnownFinding>): KnownFinding => ({
  id: "f-000001",
  path: "src/größe.js",
  line: 3,
  title: "Calls eval, @acme/core",
  rule: "Eval of input",
  severity: "high",
  verdict: "confirmed",
  evidence: "eval(x)",
  anchor: { line: null, around: null },
  assigned: [],
  standing: "still",
  goneSince: null,
  firstAt: 1,
  lastAt: 1,
  silences: 0,
  dismissed: null,
  lapsed: null,
  ...change,
});

it("has each open finding once, under its id and its rule, with GitHub's severity", () => {
  const dismissed = { by: { id: 1, login: "ada" }, at: 1, reason: "a test" };
  const findings = [
    finding({}),
    finding({ id: "f-000002", line: null, rule: null, severity: "odd", verdict: "", evidence: "" }),
    finding({ id: "f-000003", dismissed }),
    finding({ id: "f-000004", standing: "gone" }),
  ];
  const about = { schedule: "weekly", version: "1.2.3" };
  const [run, ...none] = sarifOf({ ...emptyLedger, findings }, about).runs;
  expect(none).toEqual([]);
  expect(run).toMatchInlineSnapshot(`
    {
      "automationDetails": {
        "id": "fanfold/weekly/",
      },
      "results": [
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "src/gr%C3%B6%C3%9Fe.js",
                },
                "region": {
                  "startLine": 3,
                },
              },
            },
          ],
          "message": {
            "text": "Calls eval, @⁠acme/core (confirmed)

    eval(x)",
          },
          "partialFingerprints": {
            "fanfold/v1": "f-000001",
            "primaryLocationLineHash": "f-000001:1",
          },
          "ruleId": "eval-of-input",
        },
        {
          "level": "warning",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "src/gr%C3%B6%C3%9Fe.js",
                },
                "region": {
                  "startLine": 1,
                },
              },
            },
          ],
          "message": {
            "text": "Calls eval, @⁠acme/core",
          },
          "partialFingerprints": {
            "fanfold/v1": "f-000002",
            "primaryLocationLineHash": "f-000002:1",
          },
          "ruleId": "finding",
        },
      ],
      "tool": {
        "driver": {
          "name": "Fanfold",
          "rules": [
            {
              "id": "eval-of-input",
              "properties": {
                "security-severity": "8.0",
              },
              "shortDescription": {
                "text": "eval of input",
              },
            },
            {
              "id": "finding",
              "properties": {
                "security-severity": "5.5",
              },
              "shortDescription": {
                "text": "What an audit found",
              },
            },
          ],
          "version": "1.2.3",
        },
      },
    }
  `);
});
