// The numbers of a process and its runs, each with its unit and where it comes from. Arithmetic is left visible.

import { day, minute, second } from "./durations.ts";
import { webLimits } from "./web-limits.ts";

/** The limits and clocks Fanfold lives by. Durations are in milliseconds unless the name says otherwise. */
export const limits = {
  command: {
    /** GitHub cuts a comment's body here. */
    bodyChars: 65_536,
    /** A task longer than this is a document; the rest is cut with a notice. */
    taskChars: 8000,
    /** `--budget` at most: above this a typing slip is likelier than a wish. */
    budgetUsd: 1000,
    /** A cap of a day at most: above this it is no cap any more. */
    dayBudgetUsd: 100_000,
    /** git refuses longer ref components on common file systems. */
    branchChars: 200,
    /** Commands that one comment may hold. */
    atOnce: 5,
    /** Answers to people without the right, for one repository in an hour; beyond them a reaction answers. */
    refusalsPerHour: 20,
    /** Runs that one person may ask for in one repository in an hour: people think longer, and a script of theirs does not. */
    startsPerPersonAndHour: 10,
    /** Runs that all people of one repository may ask for in an hour. */
    startsPerHour: 30,
  },
  run: {
    /** The script language promises 16 agents at once. */
    agentsAtOnce: 16,
    /** The script language's ceiling for one run. */
    agents: 1000,
    /** Runs of this process at once; further ones wait in the queue. */
    runsAtOnce: 4,
    /** Beside them, of installations of which no run is driven: see record 0084. With eight runs the event loop is quick still (`npm run bench -- crowd`). */
    guestsAtOnce: 12,
    /** Runs of one repository at once, in all processes: they share its pushes, about six a minute. */
    perRepository: 4,
    /** Runs of one installation at once, in all processes: they share 5,000 requests an hour, and a run makes some hundred. */
    perInstallation: 16,
    /** One agent, start to answer. */
    agentMs: 30 * minute,
    /** One script, while agents work for it: a day, as long as hosted workflow runs live by default. */
    scriptMs: 24 * 60 * minute,
    /** The cap of a run whose command named none, in US dollars. */
    budgetUsd: 20,
    /** A plan that nobody approved in a day is of yesterday's repository. */
    planMs: 24 * 60 * minute,
    /** A run that stands at its cap waits so long for somebody to raise it, and then finishes with what there is. */
    capMs: 24 * 60 * minute,
    /**
     * How long a driver that went silent keeps its runs from others, where its data folder is lost as well. Requests that are
     * under way (15 s) and waits of our own for GitHub (2 min) end within the half of it that a driver trusts in.
     */
    leaseMs: 5 * minute,
    /**
     * Drivers of a run in a row that died before anything of it was finished; then it is the run that kills them. Ten deaths by
     * chance, one after the other, have to be survived.
     */
    barrenDrivers: 12,
    /** Computing a plan's preview: its script runs some times against made-up answers, each in seconds. */
    previewMs: 60 * second,
    /** A plan with more agents is called large, as Claude Code does, where no size was chosen. */
    largeAgents: 25,
    /** So is one with more projected tokens. */
    largeTokens: 1_500_000,
  },
  fleet: {
    /** Between two looks of a driver at what people said of its run to other processes: they wait for what they said. */
    hearMs: 2 * second,
    /** Between two looks of a driver at which of it can be forgotten: some ticks of the publisher, which bring it to the checkpoint. */
    toldMs: minute,
    /** Between two looks at which runs the queue does not know. */
    lookMs: minute,
    /** Between two such looks at repositories in which no run is known. */
    allMs: 60 * minute,
    /** A run that nobody drives is handed out after this: whoever lost it with the whole queue has noticed it, within 8 seconds. */
    settleMs: 10 * second,
    /** A run that waits for people is driven by itself after this. */
    restMs: day,
    /** One that waits for its repository's checks: the process that looks at them may be lost. */
    checksMs: 10 * minute,
    /** A letter that could not be answered comes again after this. */
    letterMs: minute,
  },
  switches: {
    /** What a process saw of a repository's switch holds so long for what begins nothing: a burst of commands is one look. */
    seenMs: 10 * second,
  },
  agent: {
    /** Turns of one agent: a worker that reads 20 files and edits 10 needs about 40. */
    turns: 80,
    /** Output tokens of one turn: a whole rewritten file of 2,000 lines fits. */
    turnOutputTokens: 32_000,
    /** Attempts at an answer that fits its schema, as in the script language. */
    answerAttempts: 5,
    /** A stream in which nothing was heard for this long counts as stalled; the provider pings every few seconds. */
    idleMs: 90 * second,
    /** Reviewers of one change. */
    reviewersMax: 9,
    /** Characters of a diff shown to one reviewer, about 50,000 tokens. */
    diffChars: 200_000,
    /** Characters of CLAUDE.md, and of an agent file's text; Claude Code warns of longer ones. */
    rulesChars: 40_000,
  },
  checks: {
    /** Branches of one run that CI is let run on, unless the repository says otherwise: each costs its minutes. */
    branches: 20,
    branchesMost: 200,
    /** A repository whose commit nothing was said of for so long has no CI that looks at branches. */
    graceMs: 3 * minute,
    /** Jobs that wait for others have no check run until those are over: so long nothing new may come. */
    settleMs: 20 * second,
    /** Between two looks, two requests each: soon, since many checks take a minute, and less often after a while. */
    lookMs: 20 * second,
    soonMs: 5 * minute,
    laterMs: 2 * minute,
    /** Failing checks of a change whose logs are read, and characters of each: the end of a test run says what failed. */
    logs: 5,
    logChars: 8000,
  },
  migration: {
    /** Pull requests in an hour, and open at once: what a team reads beside its own work. */
    hourly: 4,
    open: 10,
    /** GitHub is said to stop accounts that open 10 to 50 in a row. */
    hourlyMost: 20,
    openMost: 100,
    /** Between two looks at a migration: two requests for each of its open pull requests. */
    lookMs: 10 * minute,
    /** A repository without one is asked for new ones this often: one request. */
    listMs: 60 * minute,
    /** Times a part is done again by itself, after a conflict or for failing checks. */
    again: 2,
    /** Of all parts of a repository, at the same time: each is a run of agents. */
    againAtOnce: 3,
    /** Checks that hang for longer hold nothing up: a job of GitHub Actions waits for a machine for a day at most. */
    pendingMs: day,
    /** A closed pull request is looked at so often, for so long: people open some again. Its branch and commits are kept as long. */
    closedLookMs: 6 * 60 * minute,
    closedKeptMs: 30 * day,
    /** A run that does a part again and was not seen to end in this time is given up. */
    redoMs: day,
    /** Characters of a failing log, and of the patch that is to be done again, as an agent gets them. */
    logChars: 8000,
    patchChars: 60_000,
  },
  pull: {
    /** Files of a final pull request beyond which a person is asked: GitHub's own page shows no more than 300. */
    files: 300,
    /** Lines added and removed, likewise: GitHub's own page shows no more than 20,000. */
    lines: 20_000,
    /** What a repository may allow without asking; GitHub lists no more files of a pull request. */
    mostFiles: 3000,
    mostLines: 1_000_000,
  },
  publish: {
    /** Between two pushes of a run: GitHub asks for at most 6 pushes a minute and repository. */
    tickMs: 10 * second,
    /** Between two pushes that carry nothing but what agents at work have said. */
    transcriptsMs: 30 * second,
    /** Characters of what one agent and all agents of a run have said that go into the checkpoint; the disk has all of it. */
    transcriptChars: 2_000_000,
    transcriptsChars: 16_000_000,
    /** Between two edits of one progress comment: GitHub asks for a second between writes, people read slower. */
    progressEditMs: 5 * second,
    /** Who asks of a repository waits so long for the first look at the runs in it; on a new disk each of them is read. */
    seenMs: 20 * second,
    /** Between two looks for runs that other machines began: one request for each repository, and few bots have another beside them. */
    othersMs: 60 * minute,
    /** Between two looks at what ended runs left behind: one request for each run whose pull request is open. */
    tidyMs: 60 * minute,
    /**
     * How far GitHub's lists may be behind what was made: whoever does not know whether it was looks only after that. People
     * tell of a second or two; nobody promises a bound.
     */
    listsLagMs: 5 * second,
    /**
     * What a process is given to answer a comment before another one takes it for dead: a request that hangs is given up after
     * 15 seconds, and then the lists have to know. Twice that at most.
     */
    answerMs: 20 * second,
    /** A request of a process that is heard of no more may be under way so long: Octokit's requests are given up after it. */
    flightMs: 15 * second,
    /** Writers of a run that get a draft pull request each: three things to create for each of them, of 300 in an hour. */
    workerPulls: 12,
    /** The most of them that a repository may ask for: GitHub is said to stop accounts that open 10 to 50 in a row. */
    workerPullsMost: 20,
    /** Characters of a comment; GitHub refuses 65,536 and above, the rest is margin for markers. */
    commentChars: 60_000,
  },
  schedule: {
    /** Schedules of one repository: each may be a fleet of agents a week. */
    perRepository: 20,
    /** Between two starts of one schedule: what changes faster is CI's business. */
    gapMs: 60 * minute,
    /** Moments counted as missed; a bot that slept for longer says "at least". */
    ticks: 1000,
    /** A moment that the bot comes later to than this is missed: people expect it at its time or not at all. */
    lateMs: 30 * minute,
    /** Between two looks at the clock: a window is ten minutes at least. */
    beatMs: minute,
    /** Between two looks at the settings of a repository, two requests each; commands about schedules look at once. */
    readMs: 60 * minute,
    /** A start that was claimed and not seen to happen is another process's to make after this. */
    claimMs: 10 * minute,
    /**
     * Where several processes are, between two looks at the runs of a repository none of whose runs is in the queue: one that
     * began and ended within a beat, on another machine. Each look is a request; most of what ends is noticed by the queue.
     */
    askMs: 10 * minute,
    /** Past events of a schedule that are kept, and shown of them. */
    eventsKept: 50,
    eventsShown: 8,
  },
  disk: {
    /** All mirrors together: some hundred repositories of usual size. */
    mirrorsGb: 20,
    /** One file of the audit log, about 40,000 lines, and how many are kept: a busy month of some hundred repositories. */
    auditFileBytes: 10_000_000,
    auditFiles: 50,
    /** A mirror that was not used for so long, and that no run needs, is closed. */
    mirrorIdleMs: 60 * minute,
  },
  setup: {
    /** A page that nobody comes back to is closed: GitHub keeps what a manifest made for one hour. */
    openMs: 120 * minute,
  },
  doctor: {
    /** One look at one thing: a person waits for it, and a sandbox may take 30 seconds to start on a busy machine. */
    lookMs: minute,
    /** Attempts and installations read: ten requests each at most, whoever asks how often. */
    attempts: 1000,
    installations: 1000,
  },
  settings: {
    /** Characters of a settings file: all keys with long lists and instructions stay below. */
    fileChars: 64_000,
  },
  web: webLimits,
} as const;

/** How many runs are driven at once. */
export const queueLimits = {
  atOnce: limits.run.runsAtOnce,
  guests: limits.run.guestsAtOnce,
  perRepository: limits.run.perRepository,
  perInstallation: limits.run.perInstallation,
};
