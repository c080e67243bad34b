// A new repository is told once what the bot would do there, and a closed pull request is a no.

import { expect, it } from "vitest";

import { readSettings } from "../../src/settings/read-settings.ts";
import { playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const FILES = {
  "src/a.js": "export const a = 1;\n",
  "src/b.py": "b = 2\n",
  ".github/workflows/test.yml": "on: push\n",
};

const nobody = playedBy({});

async function added(stage: Stage): Promise<void> {
  await stage.onboarding.added([stage.world.ref]);
  await stage.restart();
  const beat = stage.onboarding.beat(new AbortController().signal);
  await stage.world.clock.during(beat, 1);
}

it("opens one pull request that tells what there is and what it costs, over a restart, and none after a no", async () => {
  await using stage = await openStage({
    files: FILES,
    model: nobody,
    modelName: "claude-sonnet-5-5",
  });
  await added(stage);
  const [pull, ...others] = stage.github.pulls;
  expect(others).toEqual([]);
  expect(pull).toMatchObject({ title: "Configure Fanfold", base: "main", draft: false });
  expect(pull?.body).toContain(
    "3 files: JavaScript (1 file), Python (1 file). GitHub Actions look at it",
  );
  expect(pull?.body).toContain("- `/workflow audit`: ");
  expect(pull?.body).toMatch(
    /`\/workflow audit` would start about \d+ agents and cost \*\*\$\d+\.\d\d to \$\d+\.\d\d\*\*/u,
  );
  const file = await stage.git("show", `${pull?.head}:.github/fanfold.yml`);
  expect(stage.github.verified.has(pull?.headSha ?? "")).toBe(true);
  // As it is, and with everything that it proposes.
  for (const text of [file, file.replaceAll(/^# ?(?=\s*(?:- )?[\w]+:)/gmu, "")]) {
    expect(readSettings(text)).toMatchObject({ ok: true });
  }
  if (pull !== undefined) pull.state = "closed";
  await added(stage);
  expect(stage.github.pulls).toHaveLength(1);
});

it("leaves forks, archives and repositories alone that have settings, or whose owner wants none", async () => {
  await using stage = await openStage({ files: FILES, model: nobody });
  const { github } = stage;
  github.isFork = true;
  await added(stage);
  Object.assign(github, { isFork: false, isArchived: true });
  await added(stage);
  github.isArchived = false;
  github.ownerFiles.set(".github/fanfold.yml", "onboarding: false\n");
  await added(stage);
  github.ownerFiles.clear();
  await stage.push({ ".github/fanfold.yml": "model: opus\n" });
  await added(stage);
  expect(github.pulls).toEqual([]);
});
