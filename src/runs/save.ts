// A run's script becomes a workflow of the repository: one file under `.claude/workflows/`, proposed in a pull request.

import { RunRefused, type Saved, type SaveRequest, type ThreadRef } from "../command/run-desk.ts";
import type { Mirror } from "../repo/contract.ts";
import type { Oid } from "../repo/git-data.ts";
import { branchOf, branchRef, slug } from "../repo/refs.ts";
import { checkScript } from "../script/check.ts";
import { renameScript } from "../script/rename.ts";
import { commitMessage } from "../steps/message.ts";
import type { Forge } from "../world/forge.ts";
import type { Desk } from "./driver.ts";
import type { LiveRun } from "./live.ts";
import { runFor } from "./look-up.ts";
import { pushInGroups } from "./push-in-groups.ts";
import type { RunRecord } from "./record.ts";
import { renderSavedPull } from "./render/saved.ts";
import { code } from "./render/text.ts";
import { savesIn } from "./said.ts";
import { spread } from "./spread.ts";

const NAME = /^[a-z0-9][a-z0-9._-]{0,59}$/iu;

/** What is to be saved, and where. */
interface File {
  name: string;
  path: string;
  text: string;
  branch: string;
}

/**
 * Opens the pull request, or finds it when it was asked for before. It changes what people can start here, so that a person
 * merges it, as every other. Rejects with `RunRefused`.
 */
export async function saveScript(
  state: Desk,
  thread: ThreadRef,
  asked: SaveRequest,
): Promise<Saved> {
  const run = await runFor(state, thread, asked.run);
  const file = fileOf(run, asked);
  const forge = await state.house.world.openForge(thread.repository);
  const known = await forge.findPullRequest(file.branch);
  if (known !== null) {
    const { number, url } = known;
    return {
      kind: known.state === "open" ? "proposed" : "closed-before",
      file: file.path,
      number,
      url,
    };
  }
  const { defaultBranch } = await forge.repository();
  const { mirror } = await state.house.site(thread.repository);
  const base = await mirror.fetch(branchRef(defaultBranch));
  if (base === null)
    throw new RunRefused("😕 This repository is empty, so nothing can be proposed.");
  const present = await (await mirror.snapshot(base)).read(file.path);
  if (present?.kind === "text" && present.text === file.text) {
    return { kind: "saved-already", file: file.path };
  }
  await putBranch(state, { run, file, by: asked.by, forge, base });
  const { number, url } = await forge.createPullRequest({
    head: file.branch,
    base: defaultBranch,
    draft: true,
    ...renderSavedPull({ ...file, record: run.record(), by: asked.by, replaces: present !== null }),
  });
  return { kind: "proposed", file: file.path, number, url };
}

function fileOf(run: LiveRun, { name: wanted, isCommand }: SaveRequest): File {
  const { id } = run.record();
  const script = run.script();
  const checked = script === null ? null : checkScript(script);
  if (script === null || checked?.ok !== true) {
    throw new RunRefused(`😕 Run ${code(id)} has no script yet, so there is nothing to save.`);
  }
  const name = wanted ?? checked.meta.name;
  const isWord = isCommand(name);
  if (isWord || !NAME.test(name)) {
    const why = isWord
      ? "that is a word of mine, so the workflow could not be called by it"
      : "a name has letters, digits, `.`, `_` and `-`, at most 60";
    const command = code(`/workflow save ${id} NAME`);
    throw new RunRefused(
      `😕 ${code(name)} cannot be its name: ${why}. Nothing was saved. Write ${command}.`,
    );
  }
  const text = name === checked.meta.name ? script : renameScript(script, name);
  const path = `.claude/workflows/${name}.js`;
  return { name, path, text: `${text.trimEnd()}\n`, branch: branchOf(id, `save-${slug(name)}`) };
}

interface Put {
  run: LiveRun;
  file: File;
  by: SaveRequest["by"];
  forge: Forge;
  base: Oid;
}

/** Everything but the id of GitHub's own commit follows from the run, so what a crash left is found and gone on with. */
async function putBranch(state: Desk, { run, file, by, forge, base }: Put): Promise<void> {
  const { house, closing } = state;
  const { world, settings } = house;
  const { id, repository, createdAt } = run.record();
  const { mirror, pacer, policy } = await house.site(repository);
  const message = commitMessage({
    run: id,
    requester: by,
    workers: ["save"],
    title: `Save the workflow ${file.name}`,
    body: "",
    skipCi: false,
  });
  const edits = [{ path: file.path, content: file.text }];
  const commit = await mirror.commit({
    parent: base,
    edits,
    message,
    author: settings.author,
    at: createdAt,
  });
  const ref = branchRef(file.branch);
  const from = await headOf(mirror, ref);
  const push = {
    mirror,
    clock: world.clock,
    pacer,
    policy,
    onWait: () => () => undefined,
    onMoved: () => undefined,
  };
  await noteSaved(state, run, { branch: file.branch, heads: [commit], at: world.clock.now() });
  if (from !== commit) await pacer.turn(closing.signal);
  const isPushed =
    from === commit || (await pushInGroups(push, [{ ref, from, to: commit }], closing.signal));
  const tree = await mirror.tree(commit);
  const signed = await forge.createCommit({ message, tree, parents: [base] });
  await noteSaved(state, run, { branch: file.branch, heads: [signed.sha], at: world.clock.now() });
  const isMoved =
    isPushed && (await forge.moveRefs([{ ref, from: commit, to: signed.sha, force: true }]));
  if (!isMoved) {
    throw new RunRefused(
      `😕 Somebody moved ${code(file.branch)} meanwhile, so it is left as it is. Nothing was proposed.`,
    );
  }
}

/** Before it is on GitHub: what nobody noted is neither cleared away nor taken back. */
async function noteSaved(
  state: Desk,
  run: LiveRun,
  save: RunRecord["saved"][number],
): Promise<void> {
  await run.update({ ...savesIn(run.record(), { saved: [save] }), tidyAt: 0 });
  // Whoever has the run's record keeps it there; of an ended run that is whoever it is handed to next, so all of them are told.
  await spread(state, run, { saved: run.record().saved });
}

const headOf = async (mirror: Mirror, ref: string): Promise<Oid | null> =>
  (await mirror.remoteRefs(ref)).get(ref) ?? null;
