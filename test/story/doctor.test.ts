// `/workflow doctor`: what is found about the repository is told in full, what is wrong with the bot by name only.

import { describe, expect, it } from "vitest";

import { ForgeError } from "../../src/world/forge-error.ts";
import { type Actor, playedBy } from "./actors.ts";
import { wellMachine } from "./doctor-of.ts";
import { openStage, type Stage, type StageOptions } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'note', description: 'One change' }
const one = await change('Write a note', { label: 'note' })
await review(one, { reviewers: 1, lenses: ['correctness'] })
return (await combine([one])).combined.length`;
const FILES = { "README.md": "notes\n", ".claude/workflows/note.js": SCRIPT };

const worker: Actor = ({ turn }) =>
  turn === 0
    ? { tools: [{ name: "write_file", input: { path: "note.txt", content: "n\n" } }] }
    : { finish: { summary: "Write a note" } };

const open = (options: Partial<StageOptions> = {}): Promise<Stage> =>
  openStage({ files: FILES, model: playedBy({ worker }), ...options });

/** What the doctor answers now: its text, and the reaction that stays. */
async function ask(stage: Stage, by = "ada"): Promise<{ text: string; reactions: string[] }> {
  const id = await stage.post("/workflow doctor", by);
  const comment = stage.github.comments.find((each) => each.id === id);
  const reactions = comment?.reactions.map(({ content }) => content) ?? [];
  return { text: stage.said().at(-1) ?? "", reactions };
}

/** The cells of one row, by the name of what was looked at. */
function row(text: string, subject: string): string {
  return text.split("\n").find((line) => line.includes(`| ${subject} |`)) ?? "";
}

describe("the doctor of a repository", () => {
  it("says what cannot be known before the first run, and what the newest run shows after it", async () => {
    await using stage = await open();
    const before = await ask(stage);
    expect(before.text).toContain("🩺 Everything is in order.");
    expect(before.text).toContain("The bot itself: ✅ all of Environment, Node, git, Data folder");
    for (const subject of ["Checkpoint", "Signatures", "CI on our pushes"]) {
      expect(row(before.text, subject)).toMatch(/✅.*cannot be known yet/);
    }
    expect(before.reactions).toEqual(["+1"]);

    await stage.post("/workflow note");
    await stage.settle();
    const { text, reactions } = await ask(stage);
    expect(row(text, "Checkpoint")).toMatch(/✅.*refs\/fanfold\/runs\/wf-\w+\/state/);
    expect(row(text, "Signatures")).toMatch(/✅.*is Verified/);
    expect(row(text, "CI on our pushes")).toMatch(/⚠️.*Nobody's check ran on the head of #\d+/);
    expect(text).toContain("🩺 **1 warning**. Runs can start");
    expect(reactions).toEqual(["+1"]);

    const pull = stage.github.pulls.find(({ base }) => base === "main");
    const head = await stage.git("rev-parse", `refs/heads/${pull?.head}`);
    stage.github.otherChecks.push({ sha: head, name: "unit tests" });
    stage.github.verified.delete(head);
    const refs = await stage.git("for-each-ref", "--format=%(refname)", "refs/fanfold");
    const state = refs.split("\n").find((ref) => ref.endsWith("/state")) ?? "";
    await stage.git("update-ref", "-d", state);
    const after = (await ask(stage)).text;
    expect(row(after, "CI on our pushes")).toMatch(/✅.*`unit tests`/);
    expect(row(after, "Signatures")).toMatch(/⚠️.*is not Verified/);
    expect(row(after, "Checkpoint")).toMatch(/⚠️.*The newest run's is not there/);
  });

  it("names each thing that is wrong here, with what to do, and tells of the bot no more than where", async () => {
    const secret = "hook-secret-that-nobody-may-read";
    await using stage = await open({
      files: { ...FILES, ".github/fanfold.yml": "disableWorkflow: true\n" },
      secrets: { WEBHOOK_SECRET: secret },
      machine: {
        ...wellMachine,
        gitVersion: () => Promise.reject(new Error(`spawn ENOENT ${secret}`)),
      },
    });
    const { registration, github } = stage.world;
    const [acme] = registration.state.installations;
    if (acme === undefined) throw new Error("There is no installation.");
    const permissions = { metadata: "read", contents: "read", issues: "write", checks: "write" };
    registration.state.installations = [
      { ...acme, permissions },
      { ...acme, id: 2, account: "somebody-else", isSuspended: true },
    ];
    registration.state.webhook.url = "https://fanfold.example.com/api/github/webhooks";
    github.state.rules.push({ type: "creation", of: "acme" });
    stage.world.deliveries.log.push({
      id: 1,
      guid: "g",
      at: stage.world.clock.now(),
      isDelivered: false,
      event: "issue_comment",
      action: "created",
      said: `refused ${secret}`,
    });
    const { text, reactions } = await ask(stage);
    expect(row(text, "Permissions here")).toMatch(
      /❌.*Contents: Read and write \(now read-only\); Pull requests: Read and write \(now no access\).*Review request/,
    );
    expect(row(text, "Settings")).toMatch(/❌.*line 1: There is no setting `disableWorkflow`/);
    expect(row(text, "Branches")).toMatch(/⚠️.*nobody may create them \(`creation`, by `acme`\)/);
    expect(text).toContain("The bot itself: ❌ git, ❌ Webhook, ⚠️ Deliveries, ⚠️ Installations");
    expect(text).toContain("`npx fanfold doctor`");
    expect(reactions).toEqual(["confused"]);
    for (const hidden of [secret, "ENOENT", "somebody-else", "example.com"]) {
      expect(text).not.toContain(hidden);
    }
  });

  it("says that the repository is closed, and who closed it", async () => {
    await using stage = await open();
    await stage.post("/workflow off", "mia");
    expect(row((await ask(stage)).text, "Switch")).toMatch(/⚠️.*mia wrote `\/workflow off`/);
  });

  it("tells what could not be looked at when GitHub answers only in part", async () => {
    const key = "key-that-nobody-may-read";
    await using stage = await open({
      secrets: { ANTHROPIC_API_KEY: key },
      before: (operation) => {
        if (operation === "rulesOn" || operation === "readFile") {
          throw new ForgeError("unreachable", `GitHub did not answer ${key}.`);
        }
      },
    });
    stage.world.registration.app = () =>
      Promise.reject(new ForgeError("forbidden", "GitHub does not know this key."));
    const { text } = await ask(stage);
    expect(row(text, "Branches")).toMatch(
      /⚠️.*could not be looked at: GitHub did not answer \[redacted\]\./,
    );
    expect(row(text, "Settings")).toMatch(/❌.*could not be looked at/);
    expect(row(text, "Permissions here")).toContain("✅");
    expect(text).toContain("❌ The App at GitHub");
  });

  it("is not for those who may only read", async () => {
    await using stage = await open();
    const { text } = await ask(stage, "rob");
    expect(text).toContain("needs **triage**");
  });
});
