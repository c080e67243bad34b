// What stands below the options of each command: what it reads, what its JSON is, and how it ends.

export const AUDIT_LOG = `
It is read from the data folder (FANFOLD_DATA). Every line holds the SHA-256 of the one before it (\`prev\`), so a line that was changed,
taken out or put in breaks the chain. Lines cut off at the end break nothing: compare the hash of the last line with one you noted.
Exit status: 0 when the chain is whole, 1 when it is not or cannot be read.

Example, everything that was done for a run:
  fanfold audit-log --lines | grep wf-0kt80o47sm`;

export const REPLAY = `
The run is looked for in the data folder (FANFOLD_DATA) first, then among the refs of --repo. A clone has them after
  git fetch origin 'refs/fanfold/runs/RUN/*:refs/fanfold/runs/RUN/*'
and they are opened with the key that sealed them: FANFOLD_CHECKPOINT_KEY, or PRIVATE_KEY (PRIVATE_KEY_PATH).
Nobody is asked, nothing is written, and nothing is paid for.
Exit status: 0 when the script comes to where it came then, 1 when it does not or cannot be gone through.
The JSON: { run, status, replay: { kind, why, calls }, whatIf?: { capUsd, spentUsd, calls, of, refused, accepted, out, stopped }, comment }.

Examples:
  fanfold replay wf-0kt80o47sm --repo .
  fanfold replay wf-0kt80o47sm --what-if budget=2`;

export const SETUP = `
It prints an address. The page there asks for a name and the bot's address, sends you to GitHub to create the App and to install it, writes
APP_ID, PRIVATE_KEY, WEBHOOK_SECRET and FANFOLD_CHECKPOINT_KEY, and ends by itself. A file that is there is never written over.
GITHUB_WEB_URL and GITHUB_API_URL name a GitHub of your own, WEBHOOK_PATH another path.
On a server: forward the port, and open the printed address at home.
  ssh -L 4280:127.0.0.1:4280 SERVER     and there: npx fanfold setup --port 4280
Exit status: 0 when the App is installed, 1 when the set-up ended before.`;

export const DOCTOR = `
Run it where the bot runs, with the same environment; a file .env in this folder counts, where the environment does not say otherwise. It asks GitHub and the model's provider what costs nothing, changes nothing,
and prints no secret. A level in the JSON is ok, warning or failure.
Exit status: 0 when nothing keeps the bot from working, 1 when there is a failure. Warnings are no failures.

In a repository, \`/workflow doctor\` as a comment looks at what holds there.`;

export const PREVIEW = `
Exit status: 0 when the script comes to its end, 1 when it throws or does not pass the check.
The script runs four times, with usual, mixed, plentiful and sparse answers; the number of agents is exact when all
four agree, else it is the smallest of the four: "at least" so many. Lines of the log that begin with "preview:" are about the preview itself.
The JSON: { ok, error?: { name, message, line, column, help? }, meta, phases: [{ title, agents }], agents, exact,
costUsd: { low, high }, logs, result }.

Example:
  fanfold preview workflows/audit.js --repo . --args 'unsafe string handling'`;

export const CHECK = `
Exit status: 0 when every script passes, 1 when one has errors or cannot be read. Notes are no errors.
A problem or note in the JSON is { message, help?, line, column, length? }; lines and columns count from 1.

Examples:
  fanfold check .claude/workflows
  fanfold check 'workflows/**/*.js' --json`;
