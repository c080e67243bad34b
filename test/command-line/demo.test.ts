// What the command line does not take for the demo.

import { expect, it } from "vitest";

import { fanfold } from "./run.ts";

it.each([
  ["--comment", "", /Give the words to post/],
  ["--comment", " \n", /Give the words to post/],
  ["--repo", "", /Give the folder of a git repository/],
  ["--port", "65536", /A port is a whole number/],
])("refuses %s %j in a sentence, before anything starts", async (...[option, value, sentence]) => {
  const { status, printed, complained } = await fanfold("demo", option, value);
  expect(status).toBe(1);
  expect(printed).toBe("");
  expect(complained).toMatch(sentence);
});
