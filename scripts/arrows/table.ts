// Which folder may import which: the house's arrows as data.

/** One folder (or file) of `src` and what it may import besides itself. */
export interface Arrow {
  /** Regular expression on the path behind `src/`. */
  from: string;
  /** Regular expressions on the path behind `src/`. */
  may: readonly string[];
  /** Why, in one sentence; shown with every violation. */
  because: string;
}

const world = "world(/|\\.ts$)";
/** The ports that the outside implements, and the words they are made of. */
const ports = [world, "agent/model\\.ts$", "repo/(remote|git-data|git-remote)\\.ts$"];

/** Every folder by its rule's name. A folder that is not here may import nothing. */
export const arrows: Readonly<Record<string, Arrow>> = {
  "config-stands-alone": {
    from: "config/",
    may: [],
    because: "Settings and limits are read by everyone and know nobody.",
  },
  "command-knows-config": {
    from: "command/",
    may: ["config/", "world/(forge|forge-error|checks|pulls)\\.ts$"],
    because: "Parsing, deciding and answering are pure; of the world they know only its words.",
  },
  "settings-know-commands": {
    from: "settings/",
    may: [
      "config/",
      "command/(command|verbs|verb-entry|edit-distance|text|unreachable)\\.ts$",
      "world/(forge|checks|disk)\\.ts$",
    ],
    because:
      "A repository's settings say who may use which command and what a run may do; they start nothing.",
  },
  "engine-stands-alone": {
    from: "engine/",
    may: [],
    because: "The engine runs scripts and does not know what a step does.",
  },
  "repo-stands-alone": {
    from: "repo/",
    may: [],
    because: "A repository is data; who reads or changes it is of no concern to it.",
  },
  "agent-knows-repo": {
    from: "agent/",
    may: ["repo/"],
    because:
      "An agent has a task, tools over a repository, and a model; nothing else exists for it.",
  },
  "quota-knows-the-board": {
    from: "quota/",
    may: [world],
    because: "How processes share what is limited is the same for everything that is limited.",
  },
  "gate-knows-the-model": {
    from: "gate/",
    may: ["agent/(model|agent)\\.ts$", "quota/", "world/board\\.ts$"],
    because:
      "Admission to the provider knows turns and who asks, and nothing of what they are about.",
  },
  "script-knows-language-and-author": {
    from: "script/",
    may: ["engine/", "agent/", "repo/"],
    because: "Scripts are found, written and checked before any run exists.",
  },
  "deliveries-know-ports": {
    from: "deliveries/",
    may: ["config/", world],
    because: "What arrives is kept, worked on and asked for again without knowing what it says.",
  },
  "world-is-ports": {
    from: world,
    may: ["agent/model\\.ts$", "repo/remote\\.ts$"],
    because:
      "Ports are interfaces; an import of anything else would drag the house into its border.",
  },
  "steps-meet-the-parts": {
    from: "steps/",
    may: ["engine/", "repo/", "agent/", "outgoing/secrets\\.ts$", world],
    because: "Steps are the only place where engine, agents, repository and forge meet.",
  },
  "preview-knows-language-and-prices": {
    from: "preview/",
    may: [
      "config/",
      "engine/",
      "repo/",
      "agent/answer\\.ts$",
      "script/",
      "steps/(options\\.ts$|shards\\.ts$|agent-types/)",
    ],
    because:
      "A preview is a run with made-up answers, of agents that the repository has: it must not reach anything that costs money.",
  },
  "runs-drive-steps": {
    from: "runs/",
    may: [
      "config/",
      "command/(run-desk|edit-distance)\\.ts$",
      "settings/",
      "preview/",
      "engine/",
      "repo/",
      "agent/",
      "gate/",
      "quota/",
      "script/",
      "steps/",
      world,
    ],
    because: "A run's life knows its parts and its desk, but not who asked or how it was typed.",
  },
  "replay-asks-nobody": {
    from: "replay/",
    may: [
      "config/",
      "command/run-desk\\.ts$",
      "engine/",
      "repo/",
      "script/",
      "steps/",
      "runs/",
      "world/disk\\.ts$",
    ],
    because:
      "A run is gone through again from what it left: it must not reach anything that asks, writes or costs money.",
  },
  "audit-keeps-findings": {
    from: "audit/",
    may: ["config/", "repo/contract\\.ts$", "runs/render/"],
    because:
      "What became of findings follows from reports and files alone; nothing is asked or written.",
  },
  "migrations-keep-ledgers": {
    from: "migrations/",
    may: [
      "audit/code-owners\\.ts$",
      "config/",
      "command/(run-desk|authorize)\\.ts$",
      "settings/",
      "repo/",
      "steps/(checked|context|message|records)\\.ts$",
      "runs/",
      "schedules/issue\\.ts$",
      world,
    ],
    because:
      "What became of each part is kept over weeks; it asks the desk of runs as a person does, and keeps issues as schedules do.",
  },
  "onboarding-proposes-settings": {
    from: "onboarding/",
    may: ["config/", "settings/", "preview/", "repo/", "script/", "runs/", world],
    because:
      "A new repository is looked at as a plan looks at it, and gets one pull request; nothing is started.",
  },
  "schedules-start-runs": {
    from: "schedules/",
    may: [
      "audit/",
      "config/",
      "command/(run-desk|schedule-desk|authorize)\\.ts$",
      "settings/",
      "repo/",
      "script/",
      "runs/",
      world,
    ],
    because: "A schedule asks the desk of runs as a person does, and keeps what came of it.",
  },
  "dashboard-reads-runs": {
    from: "dashboard/",
    may: ["engine/", "runs/", "steps/outcome\\.ts$"],
    because: "Pages show what happened and can change nothing.",
  },
  "doctor-looks-and-judges": {
    from: "doctor/",
    may: [
      "config/",
      "command/(run-desk|text)\\.ts$",
      "settings/",
      "engine/(sandbox\\.ts$|sandbox/(child-process|no-network)\\.ts$)",
      "repo/git\\.ts$",
      world,
    ],
    because:
      "The doctor looks at everything through the doors that the house uses, and changes nothing.",
  },
  "setup-makes-an-app": {
    from: "setup/",
    may: ["config/", "doctor/asked-of-owners\\.ts$", "world/(forge-error|new-app)\\.ts$"],
    because:
      "A new App is asked for before there is a bot: its secrets go into one file, and nothing else is reached.",
  },
  "outgoing-guards-the-forge": {
    from: "outgoing/",
    may: [world],
    because: "What looks at every text that leaves must depend on nothing that writes one.",
  },
  "outside-claude-knows-ports": {
    from: "outside/claude/",
    may: ports,
    because: "An adapter implements a port and does not know the other adapters.",
  },
  "outside-github-knows-ports": {
    from: "outside/github/",
    may: [...ports, "quota/", "outgoing/secrets\\.ts$"],
    because: "An adapter implements a port and does not know the other adapters.",
  },
  "outside-queue-knows-ports": {
    from: "outside/queue/",
    may: ports,
    because: "An adapter implements a port and does not know the other adapters.",
  },
  "outside-telemetry-knows-ports": {
    from: "outside/telemetry/",
    may: ports,
    because: "An adapter implements a port and does not know the other adapters.",
  },
  "outside-memory-knows-ports": {
    from: "outside/memory/",
    may: ports,
    because: "The world in memory implements the ports by itself, not by wrapping the real one.",
  },
  "outside-clock-knows-ports": {
    from: "outside/[^/]+$",
    may: ports,
    because: "An adapter implements a port and does not know the other adapters.",
  },
};

/** Folders of the process itself: they put the house together and may import anything. */
export const composition =
  "(app|bot|cli|main|serve|front-door|greet|log|open-[a-z]+|readiness|self-test|stop-on-signal)\\.ts$|bot/|demo/|command-line/";
