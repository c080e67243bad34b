// Finds the operation of GitHub's description that a method and a path mean.

export interface Route {
  /** As the description spells it, e.g. `/repos/{owner}/{repo}/git/ref/{ref}`. */
  template: string;
  matches(path: string): boolean;
}

/** These parameters hold slashes, as file paths do. */
const long = ["ref", "branch", "basehead"];

/** The most literal template first, so that `/commits/{ref}/check-runs` wins over `/commits/{ref}`. */
export function routesOf(templates: readonly string[]): Route[] {
  return [...templates]
    .sort((a, b) => literals(b) - literals(a))
    .map((template) => {
      const pattern = new RegExp(`^${template.replaceAll(/\/\{([a-z_]+)\}|[.]/g, toPattern)}$`);
      return { template, matches: (path) => pattern.test(path) };
    });
}

const toPattern = (found: string, name: string | undefined): string => {
  if (name === undefined) return `\\${found}`;
  // The root folder has no path.
  if (name === "path") return "(?:/.*)?";
  return long.includes(name) ? "/.+" : "/[^/]+";
};

const literals = (template: string): number =>
  template.split("/").filter((step) => !step.startsWith("{")).length;

/** GitHub answers by a repository's number wherever it does by its name; its description leaves that out. */
export const byName = (path: string): string =>
  path.replace(/^\/repositories\/\d+(?=\/|$)/, "/repos/owner/repository");
