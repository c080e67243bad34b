// A check run as it begins, whoever made it: nothing is said of it yet.

import type { CheckRun } from "./state.ts";
import { timestamp } from "./look-up.ts";

type Given = Pick<CheckRun, "id" | "by" | "name" | "headSha" | "status">;

export const newCheck = (given: Given): CheckRun => ({
  ...given,
  log: null,
  externalId: "",
  conclusion: null,
  startedAt: timestamp(),
  completedAt: null,
  title: null,
  summary: null,
  text: null,
  annotations: [],
  actions: [],
  detailsUrl: null,
});
