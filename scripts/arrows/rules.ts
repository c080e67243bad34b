// The house's arrows as rules of dependency-cruiser.

import type { ICruiseOptions, IForbiddenRuleType } from "dependency-cruiser";

import { packageHomes } from "./packages.ts";
import { arrows, composition } from "./table.ts";

/** Every rule, each with the sentence people read when it fires. */
export const rules: readonly IForbiddenRuleType[] = [
  ...Object.entries(arrows).map(([name, { from, may, because }]) => ({
    name,
    comment: because,
    severity: "error" as const,
    from: { path: `^src/${from}` },
    to: { path: "^src/", pathNot: [from, ...may].map((path) => `^src/${path}`) },
  })),
  {
    name: "local-plays-the-outside",
    comment:
      "The local GitHub and model are servers like the real ones: of the house they know types only.",
    severity: "error",
    from: { path: "^src/local/" },
    to: { path: "^src/(?!local/)", dependencyTypesNot: ["type-only"] },
  },
  {
    name: "every-folder-has-an-arrow",
    comment: "A folder that the table does not know may import nothing: give it a row first.",
    severity: "error",
    from: {
      path: "^src/",
      pathNot: [...Object.values(arrows).map(({ from }) => from), "local/", composition].map(
        (path) => `^src/(${path})`,
      ),
    },
    to: { path: "^src/" },
  },
  {
    name: "nothing-imports-the-process",
    comment: "What starts the process is the end of every arrow.",
    severity: "error",
    from: { path: "^src/", pathNot: `^src/(${composition})` },
    to: { path: `^src/(${composition})` },
  },
  ...Object.entries(packageHomes).map(([name, { packages, homes, because }]) => ({
    name,
    comment: because,
    severity: "error" as const,
    from: { path: "^src/", pathNot: homes.map((home) => `^src/${home}`) },
    to: { path: `node_modules/(${packages.join("|")})/` },
  })),
  {
    name: "source-knows-no-tests",
    comment: "Tests, benches and scripts look at the source, never the other way round.",
    severity: "error",
    from: { path: "^src/" },
    to: { path: "^(test|bench|scripts)/" },
  },
  {
    name: "source-runs-without-dev-dependencies",
    comment:
      "The container has none: what runs must not need one. Types may, and so may what asks for an optional peer by name.",
    severity: "error",
    from: { path: "^src/" },
    to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only", "npm-peer"] },
  },
  {
    name: "every-import-resolves",
    comment: "An import the checker cannot follow is one it cannot judge.",
    severity: "error",
    from: { path: "^src/" },
    to: { couldNotResolve: true },
  },
];

/** How modules are found: as Node finds them, type-only imports included. */
export function cruiseOptions(baseDir: string): ICruiseOptions {
  return {
    baseDir,
    validate: true,
    ruleSet: { forbidden: [...rules] },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^src/local/sample/" },
    tsPreCompilationDeps: true,
    moduleSystems: ["es6"],
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".js", ".mjs", ".cjs", ".json", ".d.ts"],
    },
  };
}
