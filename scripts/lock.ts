// What may stand in the lock file, so that `npm ci` itself refuses what is of today, what is not what was locked, and what runs by itself.

import { z } from "zod";

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      integrity: z.string().optional(),
      resolved: z.string().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});
const Package = z.object({ allowScripts: z.record(z.string(), z.boolean()) });

/** The three files, as texts. */
export interface LockFiles {
  lock: string;
  manifest: string;
  npmrc: string;
}

/** A sentence for everything that is not as it should be. */
export function problemsOfLock({ lock, manifest, npmrc }: LockFiles): string[] {
  const { packages } = Lock.parse(JSON.parse(lock));
  const { allowScripts } = Package.parse(JSON.parse(manifest));
  const installed = Object.entries(packages).filter(([path]) => path !== "");
  return [
    ...installed.flatMap(([path, each]) => {
      const name = path.replace(/^.*node_modules\//u, "");
      return problemsOf(`${name} ${each.version ?? ""}`.trim(), {
        ...each,
        isDecided: name in allowScripts,
      });
    }),
    ...(/^strict-allow-scripts=true$/mu.test(npmrc)
      ? []
      : [
          ".npmrc lacks strict-allow-scripts=true: packages may run what they like when they are installed.",
        ]),
    ...(/^min-release-age=[1-9]\d*$/mu.test(npmrc)
      ? []
      : [".npmrc lacks min-release-age: what was published a moment ago may be installed."]),
  ];
}

/** With an address, npm fetches it and never asks when it was published: seen with npm 11.19. */
function problemsOf(
  name: string,
  {
    integrity,
    resolved,
    hasInstallScript = false,
    isDecided,
  }: z.infer<typeof Lock>["packages"][string] & { isDecided: boolean },
): string[] {
  return [
    ...(integrity === undefined ? [`${name} has no integrity: anything could be installed.`] : []),
    ...(resolved === undefined
      ? []
      : [
          `${name} has an address (resolved), and npm looks at no package's age then. Take it out of package-lock.json.`,
        ]),
    ...(hasInstallScript && !isDecided
      ? [
          `${name} runs a script when it is installed. Decide on it in allowScripts of package.json.`,
        ]
      : []),
  ];
}
