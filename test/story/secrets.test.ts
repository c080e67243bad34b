// Nothing that is or looks like a secret leaves the bot: not in words, not in a commit.

import { expect, it } from "vitest";

import { type Actor, playedBy } from "./actors.ts";
import { openStage, SECRET } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'settle', description: 'Two changes' }
const made = await parallel(['config/prod.env', 'notes.md'].map((path) => () => change('Write ' + path, { label: path })))
const one = made.find((each) => each !== null)
await review(one, { reviewers: 1, lenses: ['correctness'] })
await combine([one])
return made.filter((each) => each !== null).length + ' made'
`;
const TOKEN = `ghp_${"A".repeat(36)}`;

it("secret-010: a change that adds one is kept by nobody and told without its value; words lose theirs", async () => {
  const worker: Actor = ({ task, turn }) => {
    const path = /Write (\S+)/.exec(task)?.[1] ?? "";
    if (turn > 0) return { finish: { summary: `Write ${path}, with ${TOKEN} and ${SECRET}` } };
    const content = path.endsWith(".env") ? "MODE=live\nDB_PASSWORD=hunter2hunter2\n" : "Plain.\n";
    return { tools: [{ name: "write_file", input: { path, content } }] };
  };
  const finding = { path: "notes.md", line: 1, severity: "minor", title: `See ${TOKEN}` };
  const reviewer: Actor = () => ({
    finish: {
      verdict: "accept",
      findings: [{ ...finding, claim: `It says ${SECRET.split("").join(" ")}`, evidence: TOKEN }],
    },
  });
  await using stage = await openStage({
    files: { "README.md": "notes\n", ".claude/workflows/settle.js": SCRIPT },
    model: playedBy({ worker, reviewer }),
  });
  await stage.post("/workflow settle");
  await stage.settle();

  const { comments, pulls, reviews, checks } = stage.github;
  const said = JSON.stringify([comments, pulls, reviews, checks]);
  expect(said).toContain("config/prod.env:2");
  expect(said).toContain("[redacted]");
  for (const secret of ["hunter2", TOKEN, SECRET, SECRET.split("").join(" ")]) {
    expect(said).not.toContain(secret);
  }
  const blobs = await stage.git("log", "--all", "-p", "--format=%B", "--", ".", ":!.claude");
  expect(blobs).toContain("Plain.");
  expect(blobs).toContain("Write notes.md, with [redacted]");
  for (const secret of ["hunter2", TOKEN]) expect(blobs).not.toContain(secret);
  const { head } = pulls.find(({ base }) => base === "main") ?? { head: "" };
  expect(await stage.git("log", "--format=%B", `main..${head}`)).not.toContain(TOKEN);
});
