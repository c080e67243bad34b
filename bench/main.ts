// The command line of the benchmarks: `npm run bench -- engine|repo|gate|crowd|scale|deliveries|queue [--json] [--quick] [--no-peers]`.

import { parseArgs } from "node:util";

import { measureCrowd } from "./crowd/measure.ts";
import { fullCrowdSizes, quickCrowdSizes } from "./crowd/sizes.ts";
import { crowdTable } from "./crowd/table.ts";
import { measureDeliveries } from "./deliveries/measure.ts";
import { fullDeliveriesSizes, quickDeliveriesSizes } from "./deliveries/sizes.ts";
import { deliveriesTable } from "./deliveries/table.ts";
import { measureEngine } from "./engine/measure.ts";
import { fullSizes, quickSizes } from "./engine/sizes.ts";
import { engineTable } from "./engine/table.ts";
import { measureFairness } from "./fairness/measure.ts";
import { fairnessTable } from "./fairness/table.ts";
import { measureGate } from "./gate/measure.ts";
import { fullGateSizes, quickGateSizes } from "./gate/sizes.ts";
import { gateTable } from "./gate/table.ts";
import { measureQueue } from "./queue/measure.ts";
import { fullQueueSizes, quickQueueSizes } from "./queue/sizes.ts";
import { queueTable } from "./queue/table.ts";
import { measureRepo, partNames } from "./repo/measure.ts";
import { fullRepoSizes, quickRepoSizes } from "./repo/sizes.ts";
import { repoTable } from "./repo/table.ts";
import { measureScale } from "./scale/measure.ts";
import { fullScenarios, quickScenarios } from "./scale/sizes.ts";
import { scaleTable } from "./scale/table.ts";

const USAGE = `npm run bench -- engine [--json] [--quick] [--no-peers]
npm run bench -- repo [--json] [--quick] [--only PART]
npm run bench -- gate [--json] [--quick]
npm run bench -- crowd [--json] [--quick]
npm run bench -- scale [--json] [--quick]
npm run bench -- fairness [--json] [--quick]
npm run bench -- deliveries [--json] [--quick]
npm run bench -- queue [--json] [--quick]

  engine      what one call costs, beside p-queue and langgraph; how close to ideal a fan-out is; replay; child start
  repo        branches of many writers beside git worktrees; folding, pushing, reading and searching
  gate        a fan-out against a provider that keeps its limits, beside the SDK's own retries; on a virtual clock
  crowd       many runs at once in one process: its memory, its CPU, and how late its event loop is
  scale       fleets of processes for many installations, on a virtual clock, with the published limits
  fairness    ten installations with a run each beside one with fifty, on a virtual clock
  deliveries  200 webhooks at once to the bot as a process: its answers, when all are heard, its memory
  queue       one process and several: from a comment to the first agent, runs a minute, and after a worker was killed
  --only      one part of it alone: ${partNames.join(", ")}
  --json      one JSON object on standard output, progress on standard error
  --quick     tiny sizes: shows that everything works, measures nothing
  --no-peers  without langgraph, which is otherwise installed into bench/peers on first use
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    "no-peers": { type: "boolean", default: false },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const [name] = positionals.length === 1 ? positionals : [];

const only = values.only ?? null;
const isPartOrAll = only === null || partNames.some((part) => part === only);

if (name === "engine") {
  const sizes = values.quick ? quickSizes : fullSizes;
  const measured = await measureEngine(sizes, { peers: !values["no-peers"], say });
  const { json, ...details } = measured;
  process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : engineTable(json, details));
} else if (name === "repo" && isPartOrAll) {
  const sizes = values.quick ? quickRepoSizes : fullRepoSizes;
  const { figures, details } = await measureRepo(sizes, { only, say });
  const json = `${JSON.stringify({ repo: figures })}\n`;
  process.stdout.write(values.json ? json : repoTable(figures, details));
} else if (name === "gate") {
  const measured = await measureGate(values.quick ? quickGateSizes : fullGateSizes, say);
  process.stdout.write(values.json ? `${JSON.stringify(measured)}\n` : gateTable(measured));
} else if (name === "crowd") {
  const measured = await measureCrowd(values.quick ? quickCrowdSizes : fullCrowdSizes, say);
  process.stdout.write(values.json ? `${JSON.stringify(measured)}\n` : crowdTable(measured));
} else if (name === "scale") {
  const measured = await measureScale(values.quick ? quickScenarios : fullScenarios, say);
  process.stdout.write(values.json ? `${JSON.stringify(measured)}\n` : scaleTable(measured));
} else if (name === "fairness") {
  const measured = await measureFairness({ isQuick: values.quick }, say);
  process.stdout.write(values.json ? `${JSON.stringify(measured)}\n` : fairnessTable(measured));
} else if (name === "deliveries") {
  const sizes = values.quick ? quickDeliveriesSizes : fullDeliveriesSizes;
  const measured = await measureDeliveries(sizes, say);
  process.stdout.write(values.json ? `${JSON.stringify(measured)}\n` : deliveriesTable(measured));
} else if (name === "queue") {
  const measured = await measureQueue(values.quick ? quickQueueSizes : fullQueueSizes, say);
  process.stdout.write(values.json ? `${JSON.stringify(measured)}\n` : queueTable(measured));
} else {
  process.stderr.write(USAGE);
  process.exitCode = 2;
}
