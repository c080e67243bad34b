// Judgements about one repository: its rules, and what became of the newest run there. Pure.

import type { Trace } from "../command/run-desk.ts";
import { codeSpan } from "../command/text.ts";
import { renderClosed } from "../settings/render.ts";
import type { RulesNow } from "../settings/rules.ts";
import type { BranchRule, RepositoryRef, Standing } from "../world/forge.ts";
import { failure, type Finding, ok, warning } from "./finding.ts";

const FILE = "`.github/fanfold.yml`";

/** Whether anything may start here, and whether the settings can be read. */
export function judgeRules(rules: RulesNow, ref: RepositoryRef): Finding[] {
  const { closed, broken, files } = rules;
  const isClosed = closed !== null && closed.why !== "broken";
  const which = files.length === 0 ? "There is no settings file; the defaults hold." : "They hold.";
  return [
    isClosed
      ? warning(
          "switch",
          renderClosed(rules, ref),
          "Nothing has to be done if that is meant; else take it back where it says.",
        )
      : ok("switch", "Fanfold is on here."),
    broken.length === 0
      ? ok("settings", which)
      : failure(
          "settings",
          broken.map((file) => mistakesOf(file, ref)).join(" "),
          "Mend it on the default branch; `/workflow config` reads it anew. Nothing is started before.",
        ),
  ];
}

function mistakesOf(
  { of, mistakes }: RulesNow["broken"][number],
  { owner }: RepositoryRef,
): string {
  const file = of === "owner" ? codeSpan(`${owner}/.github: .github/fanfold.yml`) : FILE;
  const told = mistakes.slice(0, 3).map(({ line, sentence }) => `line ${line}: ${sentence}`);
  const more = mistakes.length - told.length;
  return `${file} cannot be used: ${told.join("; ")}${more > 0 ? `; ${more} more.` : ""}`;
}

/** What a rule keeps us from, by GitHub's name for it. Worker branches are pushed, moved and deleted; their commits are unsigned. */
const HINDRANCES: Readonly<Record<string, string>> = {
  creation: "nobody may create them",
  update: "nobody may move them",
  deletion: "they stay when a run is over",
  non_fast_forward: "they cannot be moved back",
  required_signatures: "workers' commits are not signed",
  pull_request: "nobody may push to them",
  required_status_checks: "pushes wait for checks",
  branch_name_pattern: "their names have to fit a pattern",
  commit_message_pattern: "commit messages have to fit a pattern",
  commit_author_email_pattern: "authors' addresses have to fit a pattern",
  committer_email_pattern: "committers' addresses have to fit a pattern",
};

export function judgeBranches(rules: readonly BranchRule[]): Finding {
  const known = rules.filter(({ type }) => Object.hasOwn(HINDRANCES, type));
  if (known.length === 0)
    return ok("branches", "No rule stands against branches below `fanfold/`.");
  const told = known.map(
    ({ type, of }) => `${HINDRANCES[type]} (${codeSpan(type)}, by ${codeSpan(of)})`,
  );
  return warning(
    "branches",
    `Rules hold for branches below \`fanfold/\`: ${[...new Set(told)].join("; ")}.`,
    'An administrator opens "Settings", "Rules", "Rulesets", and excludes `fanfold/**/*` from the targets or adds the App to the bypass list. If it is there already, all is well: GitHub does not tell.',
  );
}

/** `refs` are those that are on GitHub. */
export function judgeCheckpoint(traces: readonly Trace[], refs: ReadonlySet<string>): Finding {
  const waits = traces.find((trace) => trace.waits !== null);
  if (waits !== undefined) {
    const found = `${codeSpan(waits.run)} waits: ${waits.waits}`;
    return warning("checkpoint", found, "It goes on by itself when what it waits for is there.");
  }
  const newest = traces.find(({ checkpoint }) => checkpoint !== null);
  if (newest?.checkpoint == null) {
    return ok("checkpoint", "It cannot be known yet: no run has ended here.");
  }
  const ref = codeSpan(newest.checkpoint);
  if (refs.has(newest.checkpoint)) return ok("checkpoint", `The newest run's is there: ${ref}.`);
  const fix =
    "See whether a push ruleset of the repository or its owner refuses it; without it a run cannot go on on another machine.";
  return warning("checkpoint", `The newest run's is not there: ${ref}.`, fix);
}

/** The newest final pull request's head; null while there is none. */
export type Head = (Standing & { number: number }) | null;

export function judgeHead(head: Head): Finding[] {
  if (head === null) {
    const unknown = "It cannot be known yet: no run has opened its final pull request here.";
    return [ok("verified", unknown), ok("ci", unknown)];
  }
  const { number, verified, checks } = head;
  return [
    verified
      ? ok("verified", `The head of #${number} is Verified.`)
      : warning(
          "verified",
          `The head of #${number} is not Verified. Somebody may have pushed to it; where signatures are required, it cannot be merged.`,
          "`/workflow retry` makes commits that GitHub signs anew.",
        ),
    checks.length > 0
      ? ok(
          "ci",
          `CI ran on #${number}: ${checks
            .slice(0, 5)
            .map((name) => codeSpan(name))
            .join(", ")}.`,
        )
      : warning(
          "ci",
          `Nobody's check ran on the head of #${number}.`,
          'If the repository has CI, see that its workflows begin `on: pull_request`, and in "Settings", "Actions" whether they wait for an approval. CI that only sets commit statuses is not seen here.',
        ),
  ];
}
