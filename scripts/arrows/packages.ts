// Which npm package belongs where, as data.

/** An npm package and the only places that may name it, as regular expressions behind `src/`. */
export interface PackageHome {
  packages: readonly string[];
  homes: readonly string[];
  because: string;
}

export const packageHomes: Readonly<Record<string, PackageHome>> = {
  "quickjs-only-in-engine": {
    packages: ["quickjs-emscripten", "quickjs-emscripten-core", "@jitl/[^/]+"],
    homes: ["engine/"],
    because: "The sandbox is one place to audit.",
  },
  "octokit-only-in-outside-github": {
    packages: ["@octokit/[^/]+"],
    homes: ["outside/github/", "local/", "demo/"],
    because: "The house speaks of GitHub in its own words; Octokit's types stay at the border.",
  },
  "anthropic-sdk-only-in-outside-claude": {
    packages: ["@anthropic-ai/[^/]+", "google-auth-library"],
    homes: ["outside/claude/"],
    because: "A provider is one adapter; everyone else sees a model.",
  },
  "p-queue-only-in-runs": {
    packages: ["p-queue"],
    homes: ["runs/"],
    because: "How much happens at once is decided where runs are driven.",
  },
  "bullmq-only-in-outside-queue": {
    packages: ["bullmq", "ioredis", "pg"],
    homes: ["outside/queue/"],
    because: "One process needs none of it: it is loaded only when a queue of many is chosen.",
  },
  "probot-only-at-the-door": {
    packages: ["probot"],
    homes: ["(app|main|serve)\\.ts$", "outside/github/octokit\\.ts$"],
    because: "Probot brings deliveries in; behind the door nobody knows it.",
  },
  "croner-only-in-timetables": {
    packages: ["croner"],
    homes: ["settings/timetable/"],
    because: "When something comes is told by one calendar.",
  },
  "opentelemetry-only-in-outside-telemetry": {
    packages: ["@opentelemetry/[^/]+"],
    homes: ["outside/telemetry/"],
    because: "How a bot is watched is one adapter; everyone else counts and times.",
  },
  "markdown-only-where-text-is-read": {
    packages: ["mdast-util-[^/]+", "micromark[^/]*"],
    homes: ["command/", "agent/", "local/"],
    because: "People's text is parsed where commands and tasks are read, and where it is shown.",
  },
  "ripgrep-only-in-repo": {
    packages: ["@vscode/ripgrep"],
    homes: ["repo/"],
    because: "A search is a process of its own with limits; one place starts it.",
  },
  "acorn-only-where-scripts-are-checked": {
    packages: ["acorn", "acorn-walk"],
    homes: ["script/", "local/"],
    because: "Scripts are judged by their tree in one place.",
  },
};
