// Names the tests that passed only at their second try, with what was wrong at the first: each of them is a fault to be found.

import type { Reporter, TestCase } from "vitest/node";

export const secondTries: Reporter & { said: string[] } = {
  said: [],
  onTestCaseResult(test: TestCase) {
    if (test.diagnostic()?.flaky !== true) return;
    const why = (test.result().errors ?? []).map(({ stack, message }) => stack ?? message);
    this.said.push([`${test.module.relativeModuleId} > ${test.fullName}`, ...why].join("\n  "));
  },
  onTestRunEnd() {
    if (this.said.length === 0) return;
    const title = `PASSED ONLY AT THE SECOND TRY: ${this.said.length}`;
    process.stderr.write(`\n${[title, ...this.said].join("\n")}\n`);
  },
};
