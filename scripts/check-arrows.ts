// Checks that arrows between folders go one way; exit status 1 with a sentence for each that does not.

import { fileURLToPath } from "node:url";

import { cruiseSource } from "./arrows/cruise.ts";
import { rules } from "./arrows/rules.ts";

const { modules, violations } = await cruiseSource(fileURLToPath(new URL("..", import.meta.url)));
const why = new Map(rules.map(({ name, comment }) => [name, comment ?? ""]));

for (const { rule, from, to } of violations) {
  process.stdout.write(`${rule}: ${from} → ${to}\n  ${why.get(rule) ?? ""}\n`);
}
if (modules === 0) {
  process.stdout.write(
    "The checker saw no module at all: it cannot read this TypeScript version.\n",
  );
}
process.stdout.write(`${modules} modules, ${violations.length} against an arrow.\n`);
process.exitCode = modules === 0 || violations.length > 0 ? 1 : 0;
