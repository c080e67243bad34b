// The report as people read it, whole: an issue of one schedule with everything that a report can say.

import { expect, it } from "vitest";

import { dismissIn, emptyLedger } from "../../src/audit/ledger.ts";
import { renderLedger } from "../../src/audit/render/report.ts";
import { sparkline } from "../../src/audit/render/trend.ts";
import { settle } from "../../src/audit/settle.ts";

const DAY_MS = 24 * 60 * 60_000;
const found = (path: string, title: string, severity: string) => ({
  path,
  line: 1,
  title,
  severity,
  verdict: "confirmed",
  evidence: "`run(input)`\n@everyone <!-- fanfold:end -->",
});

const round = (week: number, findings: ReturnType<typeof found>[]) => ({
  at: Date.UTC(2026, 0, 5) + week * 7 * DAY_MS,
  run: `wf-${week}`,
  commit: "0123456789".repeat(4),
  isWhole: week !== 1,
  costUsd: 0.5,
  findings,
  coverage: { inScope: 3, read: 2, notRead: ["src/c.js"], failed: [], skipped: [] },
  texts: new Map([
    ["src/a.js", "run(input)\n"],
    ["src/b.js", week === 0 ? "old(input)\n" : "fresh(input)\n"],
  ]),
  renamed: new Map(),
  ownersOf: () => ["@acme/core"],
  matches: () => true,
});

const facts = {
  pageOf: (commit: string, path: string) =>
    `https://github.com/a/b/blob/${commit.slice(0, 4)}/${path}`,
  rowsMost: 10,
  showsFindings: true,
};

it("says what is new, still there, gone and dismissed, what was looked at, and how it went", () => {
  const a = found("src/a.js", "Runs input | unchecked", "high");
  const b = found("src/b.js", "Old call", "low");
  const one = settle(emptyLedger, round(0, [a, b]));
  const c = { ...a, title: "Something else entirely", severity: "medium" };
  const two = settle(one, round(1, [a, c]));
  const id = two.findings.find(({ title }) => title === c.title)?.id ?? "";
  const by = { id: 1, login: "ada" };
  const three =
    dismissIn(two, id, { by, at: Date.UTC(2026, 0, 13), reason: "fixes #1, @all" }) ?? two;
  expect(renderLedger(two, facts)).toMatchInlineSnapshot(`
    "**2 open findings** · 1 new · 1 gone since last time

    Report of 2026-01-12 00:00 UTC on \`0123456\`, run \`wf-1\`. The run did not get to its end, so that this is only a part.

    **Looked at:** 2 of 3 files in scope read to the end, 1 not read.

    <details><summary>Not read</summary>

    - \`src/c.js\`

    </details>

    ### 🆕 New (1)

    | ID | | Where | Finding | Verdict | Assigned | Since |
    |---|---|---|---|---|---|---|
    | \`f-cfvjdu\` | 🟠 medium | [\`src/a.js:1\`](https://github.com/a/b/blob/0123/src/a.js#L1) | Something else entirely | confirmed | \`@acme/core\` | 2026-01-12 |

    ### 📌 Still there (1)

    | ID | | Where | Finding | Verdict | Assigned | Since |
    |---|---|---|---|---|---|---|
    | \`f-su8v8r\` | 🔴 high | [\`src/a.js:1\`](https://github.com/a/b/blob/0123/src/a.js#L1) | Runs input \\| unchecked | confirmed | \`@acme/core\` | 2026-01-05 |

    To leave one out for good: \`/workflow dismiss ID because …\`, in any thread here.

    <details><summary>Evidence</summary>

    **\`f-su8v8r\`** Runs input \\| unchecked

    \`\`\`
    \`run(input)\`
    @everyone <⁠!-- fanfold:end -->
    \`\`\`

    **\`f-cfvjdu\`** Something else entirely

    \`\`\`
    \`run(input)\`
    @everyone <⁠!-- fanfold:end -->
    \`\`\`

    </details>

    ### ✅ Gone since last time (1)

    - \`f-m4kkhv\` \`src/b.js\` Old call: its code is not there any more

    **Open findings** over 2 reports: \`██\` 2 → 2

    <details><summary>In numbers</summary>

    | Report | Open | New | Gone | Dismissed | Files read | Cost |
    |---|--:|--:|--:|--:|--:|--:|
    | 2026-01-12 (in part) | 2 | +1 | −1 | 0 | 2 of 3 | $0.50 |
    | 2026-01-05 | 2 | +2 | 0 | 0 | 2 of 3 | $0.50 |

    </details>"
  `);
  expect(renderLedger(three, { ...facts, showsFindings: false })).toMatchInlineSnapshot(`
    "**1 open finding** · 0 new · 1 gone since last time · 1 dismissed

    Report of 2026-01-12 00:00 UTC on \`0123456\`, run \`wf-1\`. The run did not get to its end, so that this is only a part.

    **Looked at:** 2 of 3 files in scope read to the end, 1 not read.

    <details><summary>Not read</summary>

    - \`src/c.js\`

    </details>

    1 high. The findings themselves are told to code scanning alone.

    **Open findings** over 2 reports: \`██\` 2 → 2

    <details><summary>In numbers</summary>

    | Report | Open | New | Gone | Dismissed | Files read | Cost |
    |---|--:|--:|--:|--:|--:|--:|
    | 2026-01-12 (in part) | 2 | +1 | −1 | 0 | 2 of 3 | $0.50 |
    | 2026-01-05 | 2 | +2 | 0 | 0 | 2 of 3 | $0.50 |

    </details>"
  `);
  expect(renderLedger(three, facts)).toContain("Dismissed (1)");
  expect(renderLedger(emptyLedger, facts)).toContain("No report yet");
});

it("draws a bar a report, in proportion", () => {
  expect(sparkline([0, 1, 2, 4, 8])).toBe("▁▂▃▅█");
  expect(sparkline([0, 0])).toBe("▁▁");
});
