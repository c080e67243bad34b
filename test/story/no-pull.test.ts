// A run whose result stays on its branch: whoever wants a pull request opens it by a click.

import { expect, it } from "vitest";

import { playedBy } from "./actors.ts";
import { openStage } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'work', description: 'Work' }
const one = await change('Write it.', { label: 'one' })
await review(one, { reviewers: 1, lenses: ['correctness'] })
await combine([one])`;

const openWorking = () =>
  openStage({
    files: {
      "a.txt": "a\n",
      ".claude/workflows/work.js": SCRIPT,
      ".github/fanfold.yml": "workerPulls: 0\n",
    },
    model: playedBy({
      worker: ({ turn }) =>
        turn === 0
          ? { tools: [{ name: "write_file", input: { path: "b.txt", content: "b\n" } }] }
          : { finish: { summary: "Wrote it." } },
      reviewer: () => ({ finish: { verdict: "accept", findings: [] } }),
      synthesizer: () => ({
        finish: { title: "Write b", summary: "It was missing.", risks: "None (at all)." },
      }),
    }),
  });

it.each(["/workflow run work --no-pr", "/workflow run pr=link work"])(
  "%s: leaves signed commits on a branch, and links to a form with all the words",
  async (command) => {
    await using stage = await openWorking();
    await stage.post(command);
    await stage.settle();
    expect(stage.github.pulls).toEqual([]);
    const [said = ""] = stage.said();
    const [run = ""] = /wf-[0-9a-v]{10}/u.exec(said) ?? [];
    const branch = `fanfold/${run}/result`;
    expect(said).toContain(`**The result is on \`${branch}\`**, and no pull request was opened`);
    expect(await stage.git("show", `${branch}:b.txt`)).toBe("b");
    const [, address = ""] = /\[Compare it, and open one\]\(([^)\s]+)\)/u.exec(said) ?? [];
    const form = new URL(address);
    expect(form.pathname).toContain(`/compare/main...${branch}`);
    expect(form.searchParams.get("title")).toBe("Write b");
    expect(form.searchParams.get("body")).toContain("It was missing.");
    expect(address.length).toBeLessThan(8_000);
    // What was said of the change has no pull request to stand on.
    expect(said).toContain("<summary>What was made, and how it was verified</summary>");
    expect(said).toContain("None (at all).");
    expect(said.split("<!-- fanfold:run=")).toHaveLength(2);
    // Somebody opens one: its branch is kept for as long as that is open.
    const forge = await stage.world.openForge(stage.world.ref);
    const pull = { head: branch, base: "main", title: "t", body: "b", draft: false };
    const { number } = await forge.createPullRequest(pull);
    const tidied = stage.desk.tidy(new AbortController().signal);
    await stage.world.clock.advance(100 * 24 * 60 * 60_000);
    await stage.world.clock.during(tidied, 200);
    await stage.world.clock.during(stage.desk.tidy(new AbortController().signal), 200);
    expect(await stage.git("for-each-ref", `refs/heads/${branch}`)).not.toBe("");
    await forge.editPullRequest(number, { state: "closed" });
    await stage.world.clock.during(stage.desk.tidy(new AbortController().signal), 200);
    expect(await stage.git("for-each-ref", `refs/heads/${branch}`)).toBe("");
  },
);

it("says in the plan that no pull request is opened", async () => {
  await using stage = await openWorking();
  await stage.post("/workflow plan work --no-pr");
  await stage.settle();
  expect(stage.said()[0]).toContain("and a link that opens a pull request into `main`");
  expect(stage.said()[0]).not.toContain("draft pull request");
});
