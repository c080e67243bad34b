// Which files a bot must not change, and which it may change only under a person's eyes.

import { matcherOf } from "./paths.ts";

/** Names at the top that start with a dot and are safe to change. */
const HARMLESS_DOT_FILES = new Set([
  ".gitignore",
  ".editorconfig",
  ".prettierignore",
  ".eslintignore",
  ".dockerignore",
  ".nvmrc",
  ".node-version",
  ".python-version",
  ".ruby-version",
  ".mailmap",
]);

/** Anywhere in the tree: files that agents of one make or another take for instructions. */
const AGENT_FILES = new Set([
  "claude.md",
  "claude.local.md",
  "agents.md",
  "agent.md",
  "agents.override.md",
  "gemini.md",
  "qwen.md",
  "warp.md",
  "copilot-instructions.md",
  ".cursorrules",
  ".windsurfrules",
  ".clinerules",
  ".goosehints",
  ".mcp.json",
]);

/** Anywhere in the tree: files that steer git, an agent, an editor or a package manager. */
const STEERING_FILES = new Set([
  ...AGENT_FILES,
  ".gitmodules",
  ".gitattributes",
  ".gitconfig",
  ".lfsconfig",
  "codeowners",
  ".npmrc",
  ".yarnrc",
  ".yarnrc.yml",
  ".pnpmfile.cjs",
  "pnpmfile.cjs",
  "bunfig.toml",
  ".pypirc",
  "pip.conf",
  "pip.ini",
  "uv.toml",
  "poetry.toml",
  ".condarc",
  "nuget.config",
  ".envrc",
  ".env",
  "lefthook.yml",
  "lefthook.yaml",
]);

const AGENT_FOLDERS = new Set([".claude", ".cursor"]);

/** Anywhere in the tree: folders whose files run or steer by themselves. */
const STEERING_FOLDERS = new Set([
  ".git",
  ".github",
  ".gitlab",
  ".circleci",
  ...AGENT_FOLDERS,
  ".vscode",
  ".idea",
  ".devcontainer",
  ".husky",
  ".githooks",
  "githooks",
  "git-hooks",
  ".cargo",
  ".mvn",
  ".yarn",
  ".bundle",
  ".hooks",
]);

const HELD_FILES =
  /^(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|bun\.lockb?|deno\.jsonc?|deno\.lock|pyproject\.toml|setup\.(?:py|cfg)|requirements[^/]*\.txt|constraints[^/]*\.txt|pipfile(?:\.lock)?|poetry\.lock|uv\.lock|pdm\.lock|conda-lock\.yml|environment\.ya?ml|gemfile(?:\.lock)?|[^/]+\.gemspec|rakefile|cargo\.(?:toml|lock)|build\.rs|go\.(?:mod|sum|work)|composer\.(?:json|lock)|pom\.xml|(?:build|settings)\.gradle(?:\.kts)?|gradle\.properties|gradlew(?:\.bat)?|mvnw(?:\.cmd)?|gradle-wrapper\.(?:properties|jar)|[^/]+\.(?:csproj|fsproj|vbproj|props|targets|sln)|packages\.lock\.json|mix\.(?:exs|lock)|rebar\.(?:config|lock)|pubspec\.(?:yaml|lock)|package\.swift|podfile(?:\.lock)?|flake\.(?:nix|lock)|default\.nix|shell\.nix|(?:gnu)?makefile|[^/]+\.mk|justfile|taskfile\.ya?ml|cmakelists\.txt|dockerfile|dockerfile\.[^/]+|[^/]+\.dockerfile|containerfile|(?:docker-)?compose[^/]*\.ya?ml|jenkinsfile|azure-pipelines\.yml|bitbucket-pipelines\.yml|tox\.ini|noxfile\.py|conftest\.py|pytest\.ini|build\.(?:bazel|zig)|workspace(?:\.bazel)?|module\.bazel|[^/]+\.config\.[cm]?[jt]sx?|(?:gulp|grunt)file\.[cm]?[jt]s|karma\.conf\.[cm]?js|turbo\.json|nx\.json|lerna\.json|tsconfig[^/]*\.json|vercel\.json|netlify\.toml|procfile|action\.ya?ml)$/i;

/** `blocked`: never published by Fanfold. `held`: published with a finding, while CI waits for a person. */
export type Protection = "blocked" | "held";

/** How a path is protected; null for an ordinary file. Upper and lower case are the same here. */
export function protectionOf(path: string): Protection | null {
  const segments = path.normalize("NFKC").toLowerCase().split("/");
  const file = segments.at(-1) ?? "";
  const top = segments[0] ?? "";
  const steered = segments.slice(0, -1).some((folder) => STEERING_FOLDERS.has(folder));
  if (steered || STEERING_FILES.has(file) || STEERING_FOLDERS.has(file)) return "blocked";
  if (top.startsWith(".") && !(segments.length === 1 && HARMLESS_DOT_FILES.has(top))) {
    return "blocked";
  }
  return HELD_FILES.test(file) ? "held" : null;
}

/** Whether agents of one make or another take this file for instructions. */
export function steersAgents(path: string): boolean {
  const segments = path.normalize("NFKC").toLowerCase().split("/");
  return (
    AGENT_FILES.has(segments.at(-1) ?? "") ||
    segments.slice(0, -1).some((folder) => AGENT_FOLDERS.has(folder))
  );
}

/** The same, for a repository that protects some files more; upper and lower case are the same here as well. */
export function protecting(globs: readonly string[]): (path: string) => boolean {
  const matchers = globs.map((glob) => matcherOf(glob.toLowerCase()));
  return (path) =>
    isProtected(path) || matchers.some((matches) => matches(path.normalize("NFKC").toLowerCase()));
}

/** Whether Fanfold refuses to publish a change of this path. Ask for both sides of a rename. */
export function isProtected(path: string): boolean {
  return protectionOf(path) === "blocked";
}
