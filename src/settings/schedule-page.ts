// The page about schedules, made from the shape of an entry, so that it cannot say anything else than what holds. Pure.

import { SETTINGS_PATH } from "./found.ts";
import { conditionRows, scheduleRows, type ScheduleRow } from "./schedule.ts";

const HEAD = `<!-- Written by \`npm run docs\` from src/settings/schedule.ts: change the shape there. -->

# Schedules

Workflows that start by themselves, from \`${SETTINGS_PATH}\` on the default branch:

\`\`\`yaml
schedules:
  - workflow: audit
    args: unsafe input handling
    cron: weekly on monday around 03:00
    timezone: Europe/Berlin
    budget: 5
  - name: licences
    workflow: check-licences        # .claude/workflows/check-licences.js
    cron: monthly
    when: { changed: [package.json, package-lock.json], anywayAfterDays: 90 }
\`\`\`

Each has one issue, opened when it starts for the first time and edited in place: what is new, still there and gone since the
last time, what was looked at, how it went before, and what happened at each of its moments. What people write above or below
Fanfold's part of it stays.

![The issue of a weekly audit: findings that are new and still there with their owners, what was looked at, the trend, and what happened](images/audit-issue.png)

| In an entry | Without it | What it does |
|---|---|---|
`;

const CONDITIONS = `

| Below \`when\` | Without it | What it does |
|---|---|---|
`;

const TAIL = `

## When

Plain words, or cron with five fields: \`weekly on monday\`, \`daily around 03:00\`, \`every weekday at 9:30\`,
\`every mon and thu at 9pm\`, \`monthly\`, \`monthly on the 1st and 15th at noon\`, \`monthly on the second tuesday\`, \`quarterly\`, \`yearly\`,
\`daily between 9am and 5pm\`, \`every 6 hours\`, \`0 3 * * MON-FRI\`. Two starts are an hour apart at least. A date that a month does not have is left out in that month: \`monthly on the last day\` comes
in every one. What no pattern can say, \`when\` can: \`weekly\` with \`cooldownHours: 300\` starts in every second week.

Every repository has its own place in a **window**, the same each time, so that a thousand of them do not start in one second:
ten minutes from a time that is named (\`at 9:30\`, cron), an hour around one (\`around 03:00\`), the whole of \`between … and …\`,
the hour where only hours are named, and 00:00 to 06:00 where no time is. When summer time begins or ends, the hour on the clock
stays; a time that the change leaves out comes right after it.

## Whether

- **Missed.** A moment at which the bot was not at work is not made up for; more than half an hour late is missed. The issue and the
  log say so.
- **Once.** Never two of the same at once, of however many processes: a start is claimed in a hidden ref first. While its run waits for
  somebody, or stands at its cap, it starts no other one; the issue says so, and one comment calls people.
- **In vain.** Where no file in scope is another one than at the last time that came to its end, it is skipped.
- **On whose word.** Whoever wrote its lines last, by git's blame, or its \`owner\`. The account's access is looked at before each
  start: it needs what \`/workflow run\` needs. Without it, or where GitHub knows no account for the commit, nothing starts until
  somebody who may says \`/workflow schedule resume NAME\`, and it starts on their word from then on.
- **As what.** A workflow of the repository starts only as the script that it was set up with. When it changes, the issue says so, and
  \`/workflow schedule resume NAME\` lets it start so from then on. A change of the schedule's own lines sets it up anew.
- **As long as its lines stand there.** Without them nothing starts, a run that is at work goes on, and its issue says so and keeps the last
  report; its alerts in code scanning are closed. Under the same name it goes on later, and nothing in between is missed. Settings that are
  broken start nothing either, and a comment says so.
- **Its last pull request** must be merged or closed.

\`/workflow schedule list\` shows all with the next time; \`run\`, \`pause\` and \`resume\` with a name do what they say. \`run\` starts it
whatever \`when\` says.

## Findings

A finding keeps its id when lines above it come and go, when its wording changes and when its file is renamed: it is found
by its code first. It is **gone** when its code is, when it was looked at again and refuted, or when it was not reported three times in a row
though its code is as it was; one whose file nobody read stays what it was, under the file's new name where it has one.
\`/workflow dismiss ID because REASON\` leaves it out for as long as its code is the same, give or take blanks; when somebody changes that
code and it is found again, it counts again, with the earlier reason beside it.
\`/workflow undismiss ID\` takes a dismissal back. Who is named beside it owns its file by \`CODEOWNERS\`.

## Dashboard

With \`dashboard: true\` one more issue shows all of it: schedules with their next time, migrations, runs that wait for people or are at work,
and what GitHub's limits hold back. Its boxes do what they say for whoever may use the command of that name.

![The dashboard: schedules with boxes to start and pause them, migrations with their progress, and runs](images/dashboard.png)
`;

/** The whole page. */
export function renderSchedulesPage(): string {
  return `${HEAD}${tableOf(scheduleRows)}${CONDITIONS}${tableOf(conditionRows)}${TAIL}`;
}

const tableOf = (rows: readonly ScheduleRow[]): string =>
  rows.map(({ name, without, does }) => `| \`${name}\` | ${without} | ${does} |`).join("\n");
