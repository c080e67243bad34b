// The page about commands, made from the table of verbs, so that it cannot say anything else than what holds. Pure.

import { allVerbs, verbs } from "./verbs.ts";
import { reservedWords } from "./verb-words.ts";
import { codeSpan } from "./text.ts";

const HEAD = `<!-- Written by \`npm run docs\` from src/command/verbs.ts: change the table there. -->

# Commands

A command is a comment on an issue or a pull request with a line that begins with \`/workflow\`, or \`/wf\` for short:

\`\`\`text
/workflow fix the flaky tests in src/net --budget $5
\`\`\`

- **Where it stands.** At the start of a line of ordinary text: in a comment, in a review or a comment on a line of a diff (which
  line it is goes with the task), in the body of a new issue or pull request. Code, quotes, lists, tables, headings and HTML are
  never read, nor is what stands below \`On … wrote:\` in an answer by mail. Lines below a command belong to its task.
- **Several in one comment.** Five at most, carried out in their order. One that cannot be read keeps all of them from starting,
  and so do two that want opposite things.
- **Edited comments** command nothing: the answer says to post a new one.
- **Without words.** The label \`fanfold:NAME\` is \`/workflow NAME\` by whoever puts it on, and is taken off again. The buttons of
  a check run, and running it again, are commands by whoever clicks.
- **Flags.** \`--budget $5\`, \`--max-agents 12\`, \`--timeout 30m\`, \`--base main\`, \`--dry-run\`, \`--no-pr\` stand in front of the task or behind
  it; in front also as pairs, such as \`budget=$5\`. With \`--no-pr\` (or \`pr=link\`) the result stays on its branch, and the run's
  comment has a link that opens the pull request.
- **Which run.** RUN is an id such as \`wf-0a1b2c3d4e\`. Without it the run of this thread is meant; where there are several, the
  answer lists them and nothing is done.
- **Who may.** The role is asked of GitHub live, each time. \`permissions\` in [\`.github/fanfold.yml\`](settings.md) may ask for
  more. \`/workflow help\` shows what you may use.
- **Other words.** A word that is near a verb, or another word for it, starts nothing: the answer says what was meant. \`/workflow run\`
  in front makes anything a task.

| Command | What it does | Who may | Other words for it |
|---|---|---|---|
`;

/** The whole page. */
export function renderCommandsPage(): string {
  const rows = allVerbs.map((verb) => {
    const { usage, does, needs, aka } = verbs[verb];
    const who = needs === "anyone" ? "anyone" : `${needs} or more`;
    return `| ${codeSpan(usage).replaceAll("|", "\\|")} | ${does} | ${who} | ${aka.join(", ")} |`;
  });
  const kept = reservedWords.map((word) => codeSpan(word)).join(", ");
  return `${HEAD}${rows.join("\n")}\n\nKept for later, so that they start no run by accident: ${kept}.\n`;
}
