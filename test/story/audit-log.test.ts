// What the bot's own audit log tells of a run, from who was refused to what was published.

import { expect, it } from "vitest";

import { playedBy } from "./actors.ts";
import { openStage } from "./stage.ts";

const SECRET_TASK = "do-what-nobody-else-may-read";

it("system-006: one row for each decision, with who, which delivery and which hash, and no text", async () => {
  const script = `export const meta = { name: 'work', description: 'Work' }
const one = await change('Write it.', { label: 'one' })
await combine([one])`;
  const worker = ({ turn }: { turn: number }) =>
    turn === 0
      ? { tools: [{ name: "write_file", input: { path: "b.txt", content: "b\n" } }] }
      : { finish: { summary: SECRET_TASK } };
  await using stage = await openStage({
    files: { "a.txt": "a\n", ".claude/workflows/work.js": script },
    model: playedBy({ worker }),
  });
  const { auditLog, ref } = stage.world;
  const waiting = (): string =>
    /^### 📝 Plan `([0-9a-f]{8})`/mu.exec(stage.said().join("\n"))?.[1] ?? "none waits";
  const refused = await stage.post(`/workflow run work ${SECRET_TASK}`, "rob");
  const planned = await stage.post(`/workflow plan work ${SECRET_TASK}`);
  await stage.settle();
  const first = waiting();
  await stage.push({ "a.txt": "other\n" });
  const early = await stage.post(`/workflow approve ${first}`, "eve");
  await stage.settle();
  const second = waiting();
  const late = await stage.post(`/workflow approve ${second}`, "eve");
  await stage.settle();
  const [final] = stage.github.pulls;
  const told = auditLog.rows.filter(
    ({ kind, what }) => kind !== "write" || ["createPullRequest", "moveRefs"].includes(what),
  );
  const run = { run: expect.stringMatching(/^wf-/u), actor: 1, delivery: `delivery-${planned}` };
  const eve = (comment: number) => ({ actor: 3, delivery: `delivery-${comment}` });
  const hash = (short: string): unknown => expect.stringMatching(new RegExp(`^${short}`, "u"));
  expect(first).not.toBe(second);
  expect(told).toMatchObject([
    { kind: "refused", what: "run", actor: 2, delivery: `delivery-${refused}` },
    { kind: "command", what: "plan", actor: 1, delivery: `delivery-${planned}` },
    { kind: "run", what: "begun", actor: 1, delivery: `delivery-${planned}` },
    { ...run, kind: "plan", hash: hash(first) },
    { ...eve(early), kind: "command", what: "approve" },
    { ...eve(early), kind: "decision", what: "approved", hash: first },
    { ...run, kind: "void", hash: hash(first) },
    { ...run, kind: "plan", hash: hash(second) },
    { ...eve(late), kind: "command", what: "approve" },
    { ...eve(late), kind: "decision", what: "approved", hash: second },
    ...told.slice(10).map(() => ({ ...run, kind: "write" })),
  ]);
  expect(told.at(-1)).toMatchObject({ what: "createPullRequest", target: final?.head });
  const pushes = auditLog.rows.filter(({ what }) => what === "push");
  expect(pushes).toContainEqual(
    expect.objectContaining({ hash: expect.stringMatching(/^[0-9a-f]{40}$/u), ...run }),
  );
  expect(auditLog.rows.every(({ repository }) => repository === ref.repositoryId)).toBe(true);
  expect(JSON.stringify(auditLog.rows)).not.toContain(SECRET_TASK);
});
