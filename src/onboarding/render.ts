// The settings file that is proposed to a new repository, and the words beside it. Pure.

import { limits } from "../config/limits.ts";
import { harmless } from "../runs/render/harmless.ts";
import { code, counted, cut, inline, money, paragraphs } from "../runs/render/text.ts";

export interface OnboardingFacts {
  files: number;
  /** The most first. */
  languages: readonly { name: string; files: number }[];
  workflows: readonly { name: string; description: string; origin: "repository" | "built-in" }[];
  /** GitHub Actions look at this repository. */
  hasCi: boolean;
  /** What one audit of all of it would take; null when there is no telling. */
  audit: { agents: number; lowUsd: number; highUsd: number } | null;
}

const LANGUAGES_SHOWN = 6;
const WORKFLOWS_SHOWN = 20;
const BUDGET_LEAST_USD = 5;
const CAP_OF_PRICE = 1.5;

export function renderOnboarding(facts: OnboardingFacts): {
  file: string;
  title: string;
  body: string;
} {
  return { file: fileFor(facts), title: "Configure Fanfold", body: bodyFor(facts) };
}

/** A cap with room above what the preview says, in whole dollars. */
const budgetFor = ({ audit }: OnboardingFacts): number =>
  Math.max(BUDGET_LEAST_USD, Math.ceil((audit?.highUsd ?? 0) * CAP_OF_PRICE));

/** Everything that costs money by itself is commented out: merging starts nothing. */
function fileFor(facts: OnboardingFacts): string {
  const budget = budgetFor(facts);
  // Never lower than without a file: merging takes nothing away.
  const cap = Math.max(limits.run.budgetUsd, budget);
  return `# Settings of Fanfold for this repository. Every key is optional; these are the ones that people ask for first.
# Nothing starts by itself as long as \`schedules\` is commented out: Fanfold works when somebody comments \`/workflow …\`.

approval:
  # Plans that wait for a person: never, large or always.
  when: large

budget:
  # Cap in US dollars of a run whose command names none.
  run: ${cap}

# One issue that shows schedules, open runs and what waits for people.
# dashboard: true

# Workflows that start by themselves, each with one issue for its report.
# schedules:
#   - workflow: audit
#     args: correctness and security
#     cron: weekly on monday around 03:00
#     budget: ${budget}

# Files that agents must not change, beside those that are protected anyway (.github/**, CODEOWNERS, lock files, …).
# paths:
#   protected: [db/migrations/**]

# Migrations of many parts: a pull request for each, as many at a time as people can read.
# pullRequests:
#   per: shard
#   hourlyLimit: 4
#   concurrentLimit: 10
`;
}

function bodyFor(facts: OnboardingFacts): string {
  const { files, languages, audit, hasCi } = facts;
  const known = languages
    .slice(0, LANGUAGES_SHOWN)
    .map(({ name, files: many }) => `${name} (${counted(many, "file")})`);
  return paragraphs(
    "Fanfold was installed on this repository. **Nothing happens by itself, whether you merge this or not**: it works when somebody with write access comments `/workflow …`.",
    "Merge this to have its settings where you can change them. **Close it for a no**: it is remembered, and no other is opened. Everything works without a file.",
    `### What it sees here\n\n${counted(files, "file")}${known.length === 0 ? "" : `: ${known.join(", ")}`}. ${hasCi ? "GitHub Actions look at it, so scripts can ask its checks about a change." : "No workflow of GitHub Actions was found; what other CI says of a branch, scripts can ask for all the same."}`,
    `### Workflows that fit\n\n${workflowList(fitting(facts))}`,
    audit === null
      ? "### A first audit\n\nThere was no telling what it would cost; `/workflow plan audit` says so at no cost."
      : `### A first audit\n\n\`/workflow audit\` would start about ${counted(audit.agents, "agent")} and cost **${money(audit.lowUsd)} to ${money(audit.highUsd)}**, by a preview with made-up answers. \`/workflow plan audit\` shows the plan first and starts nothing.`,
    "### What could start by itself\n\nThe file proposes a weekly audit, commented out. Take the `#` away to have it.",
    "<sub>`/workflow help` in any issue tells the rest. An organisation that wants no such pull requests sets `onboarding: false` in its own `.github` repository.</sub>",
  );
}

/** The built-in ones are about program text; where there is none, the repository's own are left. */
function fitting({ workflows, languages }: OnboardingFacts): OnboardingFacts["workflows"] {
  const isText = languages.every(({ name }) => name === "Markdown");
  return isText ? workflows.filter(({ origin }) => origin === "repository") : workflows;
}

function workflowList(workflows: OnboardingFacts["workflows"]): string {
  if (workflows.length === 0)
    return "None of the built-in ones: they are about program text, and none was found. `/workflow` with a sentence works here as everywhere.";
  const rows = workflows.slice(0, WORKFLOWS_SHOWN).map(({ name, description, origin }) => {
    const own = origin === "repository" ? " *(this repository's own)*" : "";
    return `- ${code(`/workflow ${name}`)}${own}: ${cut(inline(harmless(description), 200), 200)}`;
  });
  const more = workflows.length - rows.length;
  return [...rows, ...(more > 0 ? [`- … and ${more} more`] : [])].join("\n");
}
