// What a thread looks like after somebody spoke: one answer, the right reaction, and a run only where there may be one.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openFolderDisk } from "../../src/outside/disk.ts";
import { createBot, type Bot } from "../../src/bot.ts";
import {
  RunRefused,
  type RunDesk,
  type RunRequest,
  type RunState,
} from "../../src/command/run-desk.ts";
import { limits } from "../../src/config/limits.ts";
import { scriptedModel } from "../../src/outside/memory/model.ts";
import { openMemoryWorld, type MemoryWorld } from "../../src/outside/memory/world.ts";
import { noOperator } from "../../src/settings/effective.ts";
import type { ReplayDesk } from "../../src/replay/desk.ts";
import { openRules } from "../../src/settings/rules.ts";
import { openSwitches } from "../../src/settings/switches.ts";
import { ForgeError } from "../../src/world/forge-error.ts";
import type { ScheduleDesk } from "../../src/command/schedule-desk.ts";
import type { CommentEvent } from "../../src/world/inbox.ts";
import { doctorOf } from "./doctor-of.ts";

const summary = {
  run: "wf-1",
  title: "fix it",
  state: "running",
  detail: "1 of 2",
  url: null,
  costUsd: 0.42,
  asks: [],
  createdAt: 0,
} as const;

interface Stage {
  world: MemoryWorld;
  bot: Bot;
  started: RunRequest[];
  cancelled: string[];
  decided: string[];
  /** Runs that were asked to go on, or to run again. */
  again: string[];
  /** Where the run `wf-1` stands. */
  state: RunState;
  /** Nobody's word is waited for. */
  nothingAsked: boolean;
  /** Plans and questions of it that wait for a word. */
  asks: readonly string[];
  thread: number;
  /** Forge operations that fail from now on. */
  failing: Set<string>;
  /** What `start` does instead of taking the run on. */
  startFails: Error | null;
}

let folder: string;
let stage: Stage;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanfold-"));
  stage = await setUp();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function setUp(): Promise<Stage> {
  const failing = new Set<string>();
  const world = await openMemoryWorld({
    dir: folder,
    files: { "a.txt": "a\n" },
    model: scriptedModel(() => {
      throw new Error("No model is asked in a conversation.");
    }),
    people: new Map([
      ["ada", { id: 1, role: "write" }],
      ["rob", { id: 2, role: "read" }],
      ["tia", { id: 3, role: "triage" }],
    ]),
    before: (operation) => {
      if (failing.has(operation)) throw new ForgeError("unreachable", "GitHub did not answer.");
    },
  });
  const thread = world.github.openIssue("A bug", "rob");
  const started: RunRequest[] = [];
  const cancelled: string[] = [];
  const decided: string[] = [];
  const again: string[] = [];
  const runs: RunDesk = {
    async start(request) {
      if (stage.startFails !== null) throw stage.startFails;
      started.push(request);
      return "new";
    },
    async retry({ run, line }) {
      again.push(`retry ${run}: ${line}`);
      return "new";
    },
    async hasBegun() {
      return false;
    },
    async show(_, what) {
      return `About ${what}.`;
    },
    async why(_, { agent }) {
      return `Because of ${agent}.`;
    },
    async save(_, { name }) {
      return { kind: "saved-already", file: `${name}.js` };
    },
    async grant(_, by, { verb, run }) {
      if (verb === "resume") again.push(`resume ${run}`);
      else cancelled.push(by.login);
      if (verb === "budget") return { kind: "nothing-runs", run: null };
      return { kind: "noted", verb, run: "wf-1" };
    },
    async cancelAll(_, by) {
      cancelled.push(`all, by ${by.login}`);
      return ["wf-1"];
    },
    async decide(_, by, { approved, id, comment }) {
      decided.push(`${by.login} ${approved} ${id} ${comment}`);
      if (stage.nothingAsked) return { kind: "nothing-asked" };
      return { kind: "decided", what: "question", run: "wf-1", id: id ?? "q-1", approved };
    },
    async status() {
      return [{ ...summary, asks: stage.asks }];
    },
    async unreadable() {
      return [];
    },
    async list() {
      return [{ ...summary, state: stage.state }];
    },
    async traces() {
      return [];
    },
    async workflows() {
      return ["gate", "migrate"];
    },
  };
  const schedules: ScheduleDesk = {
    list: async () => "No schedules.",
    edited: async () => {},
    wish: async (_, __, { name }) => ({ kind: "unknown", name, known: ["audit"] }),
    dismiss: async (_, __, { id, reason }) => ({
      kind: reason === null ? "undismissed" : "dismissed",
      id,
      title: `Because ${reason}`,
      issue: null,
    }),
  };
  const rules = openRules({
    openForge: world.openForge,
    operator: noOperator,
    switches: openSwitches(openFolderDisk(folder)),
  });
  const replays: ReplayDesk = {
    replay: async (_, { run, capUsd }) => `Replayed ${run} under ${capUsd}`,
  };
  const bot = createBot({ world, runs, schedules, rules, doctor: doctorOf(world), replays });
  const state = "running" as const;
  const heard = { started, cancelled, decided, again };
  return {
    world,
    bot,
    ...heard,
    state,
    nothingAsked: false,
    asks: [],
    thread,
    failing,
    startFails: null,
  };
}

function eventFor(login: string, body: string): CommentEvent {
  const { world, thread } = stage;
  const id = world.github.state.people.get(login)?.id ?? 99;
  const comment = world.github.say(thread, login, body);
  return {
    source: "comment",
    key: String(comment),
    place: null,
    repository: world.ref,
    thread,
    isPullRequest: false,
    comment: {
      id: comment,
      body,
      authorId: id,
      authorLogin: login,
      authorType: "User",
      viaApp: false,
    },
    sender: { id, login, type: "User" },
    delivery: "delivery-1",
  };
}

async function say(login: string, body: string): Promise<CommentEvent> {
  const event = eventFor(login, body);
  await stage.bot.onComment(event);
  return event;
}

function answers(): string[] {
  const { comments } = stage.world.github.state;
  return comments.filter(({ author }) => author === "fanfold[bot]").map(({ body }) => body);
}

function reactionsTo({ comment }: CommentEvent): string[] {
  const kept = stage.world.github.state.comments.find(({ id }) => id === comment.id);
  return (kept?.reactions ?? []).map(({ content }) => content);
}

describe("a person with the right", () => {
  it("P77 starts a run and waits for none: the reaction comes at once, and the run speaks for itself", async () => {
    const event = await say(
      "ada",
      "Hello!\n/workflow run fix the \u200bparser --budget $2\nplease",
    );
    expect(stage.started).toEqual([
      {
        repository: stage.world.ref,
        thread: stage.thread,
        isPullRequest: false,
        key: String(event.comment.id),
        said: { kind: "comment", id: event.comment.id },
        place: null,
        requester: { id: 1, login: "ada" },
        line: "/workflow run fix the parser --budget $2",
        words: ["fix", "the", "parser"],
        task: "fix the parser\nplease",
        flags: { budgetUsd: 2, maxAgents: null, base: null, hours: null },
        notes: ["1 invisible character was removed from the comment before it was read."],
        waitsForApproval: false,
      },
    ]);
    expect(answers()).toEqual([]);
    expect(reactionsTo(event)).toEqual(["rocket"]);
  });

  it("whose word was not waited for sees no thumb up", async () => {
    stage.nothingAsked = true;
    const event = await say("ada", "/workflow approve q-1");
    expect(reactionsTo(event)).toEqual(["confused"]);
    expect(answers().at(-1)).toContain("No run waits for a decision");
    stage.nothingAsked = false;
    expect(reactionsTo(await say("ada", "/workflow approve q-1"))).toEqual(["+1"]);
  });

  it("who mistypes an approval is told the whole line, with the plan that waits", async () => {
    stage.asks = ["7f3a91c2"];
    await say("ada", "/workflow aprove");
    await say("ada", "/workflow aprove 11223344");
    stage.asks = ["7f3a91c2", "q-1"];
    await say("ada", "/workflow aprove");
    expect(answers().map((text) => /Did you mean `([^`]*)`/u.exec(text)?.[1])).toEqual([
      "/workflow approve 7f3a91c2",
      "/workflow approve 11223344",
      "/workflow approve",
    ]);
    expect(stage.decided).toEqual([]);
  });

  it("cancels and asks for the state, each answered in words", async () => {
    await say("ada", "/workflow cancel");
    const event = await say("ada", "/workflow status");
    expect(stage.cancelled).toEqual(["ada"]);
    expect(answers()).toEqual([
      expect.stringContaining("Stopping run `wf-1`"),
      expect.stringContaining("| `wf-1` | `fix it` | running | `1 of 2` |"),
    ]);
    expect(reactionsTo(event)).toEqual(["+1"]);
  });

  it("does not cancel a later run when an old delivery comes again", async () => {
    const event = await say("ada", "/workflow cancel");
    await stage.bot.onComment(event);
    expect(stage.cancelled).toEqual(["ada"]);
    expect(answers()).toHaveLength(1);
    expect(reactionsTo(event)).toEqual(["+1"]);
  });

  it("hears why a run cannot begin, in the words of the refusal", async () => {
    stage.startFails = new RunRefused("There is no branch `nowhere`. Nothing was started.");
    const event = await say("ada", "/workflow fix it");
    expect(answers()).toEqual([expect.stringContaining("There is no branch `nowhere`.")]);
    expect(reactionsTo(event)).toEqual(["confused"]);
  });

  it("hears of a failure of ours without its innards, and the same delivery may try again", async () => {
    stage.startFails = new Error("EACCES /data/secret");
    const event = await say("ada", "/workflow fix it");
    expect(answers()).toEqual([expect.stringContaining("`delivery-1`")]);
    expect(answers().join("\n")).not.toContain("EACCES");
    expect(stage.world.log.lines.at(-1)).toMatchObject({ level: "error" });

    stage.startFails = null;
    await stage.bot.onComment(event);
    expect(stage.started).toHaveLength(1);
    expect(answers()).toHaveLength(1);
  });
});

describe("a word near a verb", () => {
  it("runs the workflow of that name, where there is one and the person may", async () => {
    await say("ada", "/workflow gate");
    await say("rob", "/workflow gate");
    expect(stage.started.map(({ task, requester }) => [task, requester.login])).toEqual([
      ["gate", "ada"],
    ]);
    expect(answers()).toEqual([expect.stringContaining("Did you mean `/workflow save`?")]);
  });

  it("starts nothing where there is none: it asks, and names what there is", async () => {
    const event = await say("ada", "/workflow test");
    expect(stage.started).toEqual([]);
    expect(answers()[0]).toMatch(
      /> `\/workflow test`.*Did you mean `\/workflow list`\?.*`\/workflow run test …`.*Workflows here: `gate`, `migrate`/s,
    );
    expect(reactionsTo(event)).toEqual(["confused"]);
  });
});

describe("several commands in one comment", () => {
  it("are carried out in their order, each for itself, and answered once", async () => {
    const event = await say("ada", "/workflow status\n\n/workflow fix a\n\n/workflow run fix b");
    await stage.bot.onComment(event);
    expect(stage.started.map(({ task, key }) => [task, key])).toEqual([
      ["fix a", `${event.key}-2`],
      ["fix b", `${event.key}-3`],
    ]);
    expect(answers()).toHaveLength(1);
    expect(answers()[0]).toMatch(
      /> `\/workflow status`\n\n\| Run .*> `\/workflow fix a`\n\nStarted.*> `\/workflow run fix b`/s,
    );
    expect(reactionsTo(event)).toEqual(["rocket"]);
  });

  it("are each asked for by who may, and the worst of it shows", async () => {
    const event = await say("tia", "/workflow status\n\n/workflow fix it");
    expect(stage.started).toEqual([]);
    expect(answers()).toEqual([expect.stringMatching(/`wf-1`.*needs \*\*write\*\*/s)]);
    expect(reactionsTo(event)).toEqual(["confused"]);
  });

  it("of which one failed on our side are not all done again by a second delivery", async () => {
    stage.startFails = new Error("EACCES");
    const event = await say("ada", "/workflow cancel wf-1\n\n/workflow reject q-1");
    await say("ada", "/workflow status\n\n/workflow fix it");
    await stage.bot.onComment(event);
    expect(stage.cancelled).toEqual(["ada"]);
    expect(answers()).toHaveLength(2);
    expect(answers()[1]).not.toContain("fanfold:again");
  });
});

describe("what is no comment", () => {
  const as = (source: CommentEvent["source"], more: Partial<CommentEvent> = {}) => {
    return (event: CommentEvent): CommentEvent => ({
      ...event,
      source,
      key: `${source}-1`,
      ...more,
    });
  };

  it("an edit commands nothing, and is told so once", async () => {
    const event = as("edit")(eventFor("ada", "/workflow fix it"));
    await stage.bot.onComment(event);
    await stage.bot.onComment(event);
    expect(stage.started).toEqual([]);
    expect(answers()).toEqual([expect.stringMatching(/edited into a comment.*new comment/s)]);
    expect(reactionsTo(event)).toEqual(["confused"]);
  });

  it("a comment on a line says where, and bears the reaction itself", async () => {
    const place = { path: "src/a.js", line: 3, side: "RIGHT", hunk: "@@" } as const;
    const event = as("line", { place })(eventFor("ada", "/workflow fix this"));
    await stage.bot.onComment(event);
    expect(stage.started).toMatchObject([{ place, said: { kind: "line" }, key: "line-1" }]);
    expect(stage.world.github.state.otherBearers).toMatchObject([
      { kind: "line", reactions: [{ content: "rocket" }] },
    ]);
  });

  it("an answer that stands elsewhere than the words says to whom and to what", async () => {
    const place = {
      path: "a <!-- fanfold:run=wf-1 -->.js",
      line: 3,
      side: "RIGHT",
      hunk: "",
    } as const;
    const told = async (
      source: CommentEvent["source"],
      body = "/workflow list",
    ): Promise<string> => {
      const event = as(source, { place: source === "line" ? place : null })(eventFor("rob", body));
      await stage.bot.onComment({ ...event, comment: { ...event.comment, id: 31 } });
      const lines = answers().at(-1)?.split("\n") ?? [];
      expect(lines[0]).toBe(`<!-- fanfold:reply=${source}-1 -->`);
      return lines[1] ?? "";
    };
    expect(await told("line")).toMatch(
      /^To rob, on \[`a <.!-- .*\.js`, line 3\]\(#discussion_r31\):$/u,
    );
    expect(answers()[0]).not.toContain("<!-- fanfold:run");
    expect(await told("review")).toBe("To rob, on [this review](#pullrequestreview-31):");
    expect(await told("edit")).toContain("(#issuecomment-31)");
    expect(await told("label")).toBe("To rob, who put on the label `fanfold:list`:");
    expect(await told("click", "/workflow cancel wf-1")).toMatch(/^To rob, who pressed a button/u);
    expect(await told("body")).toBe("> `/workflow list`");
  });

  it("a label is taken off once it was heard, whoever put it on", async () => {
    const { labels } = stage.world.github.state;
    for (const login of ["ada", "tia"]) {
      labels.push({ thread: stage.thread, name: "fanfold:migrate src" });
      await stage.bot.onComment(
        as("label", { key: `label-${login}` })(eventFor(login, "/workflow migrate src")),
      );
    }
    expect(stage.started.map(({ task, said }) => [task, said])).toEqual([["migrate src", null]]);
    expect(answers()).toEqual([expect.stringContaining("needs **write**")]);
    expect(stage.world.github.state.labels).toEqual([]);
  });

  it("a click needs the same right, and speaks up only where it did nothing", async () => {
    const click = as("click")(eventFor("ada", "/workflow approve 7f3a91c2"));
    await stage.bot.onComment(click);
    expect(stage.decided).toEqual(["ada true 7f3a91c2 "]);
    expect(answers()).toEqual([]);
    await stage.bot.onComment(
      as("click", { key: "click-2" })(eventFor("rob", "/workflow approve 7f3a91c2")),
    );
    expect(stage.decided).toHaveLength(1);
    expect(answers()).toEqual([expect.stringMatching(/rob: `\/workflow approve` needs/)]);
  });

  it("a check that is asked for again goes on with a run that rests, and a suite with each of its runs", async () => {
    const forge = await stage.world.openForge(stage.world.ref);
    const head = (await stage.world.github.state.home.readRef("refs/heads/main")) ?? "";
    const check = { name: "fanfold", headSha: head, title: "t", summary: "s" } as const;
    const at = `@${stage.thread}`;
    for (const key of [`wf-1${at}`, `wf-1${at}/part`, `wf-2${at}`, "settings"]) {
      await forge.putCheckRun({ ...check, externalId: key, conclusion: "neutral" });
    }
    stage.state = "paused";
    const suite = { ...eventFor("ada", head), source: "suite" as const, key: "suite-1" };
    await stage.bot.onComment({ ...suite, thread: 0 });
    expect(stage.again).toEqual(["resume wf-1", "retry wf-2: /workflow retry wf-2"]);
  });
});

describe("help", () => {
  it("shows everybody what they may use here, by their live role and the repository's rules", async () => {
    await say("ada", "/workflow help");
    await say("rob", "/workflow help");
    const [adas = "", robs = ""] = answers();
    expect(adas).toContain("You have **write** access here");
    expect(adas).toMatch(/\/workflow pause \[RUN\]` .* write or more \| ✅ \|/);
    expect(adas).toMatch(/\/workflow off` .* maintain or more \| – \|/);
    expect(robs).toMatch(/\/workflow status` .* triage or more \| – \|/);
    expect(robs).toMatch(/\/workflow version` .* anyone \| ✅ \|/);
  });

  it("still comes when nobody can tell what they may", async () => {
    stage.failing.add("permissionOf");
    await say("ada", "/workflow help");
    expect(answers()[0]).toContain("| `/workflow pause [RUN]` |");
    expect(answers()[0]).not.toContain("✅");
  });
});

describe("a person without the right", () => {
  it.each(["rob", "tia", "stranger"])("%s starts nothing, and hears why once", async (login) => {
    const event = await say(login, "/workflow fix it");
    await stage.bot.onComment(event);
    expect(stage.started).toEqual([]);
    expect(answers()).toEqual([
      expect.stringMatching(/needs \*\*write\*\*.*Nothing was started/su),
    ]);
    expect(reactionsTo(event)).toEqual(["confused"]);
  });

  it("cancels nothing", async () => {
    await say("tia", "/workflow cancel");
    expect(stage.cancelled).toEqual([]);
  });

  it("may ask for help, whoever it is", async () => {
    await say("stranger", "/workflow help");
    expect(answers()).toEqual([expect.stringContaining("| Command |")]);
  });

  it("with a permission that cannot be checked is refused visibly, not let through", async () => {
    stage.failing.add("permissionOf");
    await say("ada", "/workflow fix it");
    expect(stage.started).toEqual([]);
    expect(answers()).toEqual([expect.stringContaining("did not tell me which access you have")]);
  });

  it("cannot make the bot flood a repository: beyond a limit only a reaction answers", async () => {
    const { refusalsPerHour } = limits.command;
    for (let n = 0; n < refusalsPerHour; n++) await say("rob", "/workflow fix it");
    const last = await say("rob", "/workflow help");
    expect(answers()).toHaveLength(refusalsPerHour);
    expect(reactionsTo(last)).toEqual(["+1"]);

    await say("ada", "/workflow status");
    expect(answers()).toHaveLength(refusalsPerHour + 1);
  });

  it("whose login now belongs to somebody else is refused", async () => {
    const event = eventFor("ada", "/workflow fix it");
    const earlier = {
      ...event,
      sender: { ...event.sender, id: 77 },
      comment: { ...event.comment, authorId: 77 },
    };
    await stage.bot.onComment(earlier);
    expect(stage.started).toEqual([]);
    expect(answers()).toEqual([expect.stringContaining("another account")]);
  });
});

describe("what is not a person speaking", () => {
  it.each<[string, (event: CommentEvent) => CommentEvent]>([
    ["a bot", (event) => ({ ...event, sender: { ...event.sender, type: "Bot" } })],
    [
      "a writer's edit of another's comment",
      (event) => ({ ...event, sender: { ...event.sender, id: 3 } }),
    ],
    [
      "an App with a person's token",
      (event) => ({ ...event, comment: { ...event.comment, viaApp: true } }),
    ],
    [
      "our own words",
      (event) => ({
        ...event,
        comment: { ...event.comment, body: `${event.comment.body}\n\n<!-- fanfold:run=x -->` },
      }),
    ],
  ])("%s starts nothing and gets neither answer nor reaction", async (_, change) => {
    const event = change(eventFor("ada", "/workflow fix it"));
    await stage.bot.onComment(event);
    expect(stage.started).toEqual([]);
    expect(answers()).toEqual([]);
    expect(reactionsTo(event)).toEqual([]);
  });

  it("nor does a comment that does not speak to us", async () => {
    const event = await say("ada", "I would not type `/workflow` here.");
    expect(answers()).toEqual([]);
    expect(reactionsTo(event)).toEqual([]);
  });
});

describe("when GitHub fails", () => {
  it("a lost reaction costs nothing but the reaction", async () => {
    stage.failing.add("react").add("unreact");
    await say("ada", "/workflow fix it");
    expect(stage.started).toHaveLength(1);
  });

  it("an answer that cannot be posted is in the log, and nothing throws", async () => {
    stage.failing.add("createComment");
    await say("rob", "/workflow fix it");
    expect(stage.started).toEqual([]);
    expect(stage.world.log.lines.at(-1)).toMatchObject({
      level: "error",
      message: "A comment could not be answered.",
    });
  });
});
