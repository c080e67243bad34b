// What people do without words: put a label on, click a button of a check run, ask for checks again.

import type { GitHubCore, RepositoryName } from "./core.ts";
import { repositoryOf } from "./people.ts";
import { addLabels } from "./rules/labels.ts";
import { findIssue } from "./rules/speak.ts";
import type { CheckRun, Repository } from "./state.ts";
import { findAccount } from "./look-up.ts";
import type { Scene } from "./webhooks/events.ts";
import { checkClicked, checkWanted, suiteWanted } from "./webhooks/signs.ts";

export interface Gestures {
  label(at: RepositoryName, number: number, label: Named & { name: string }): Promise<void>;
  /** Rejects when the check run has no such button, or does not show it yet. */
  click(at: RepositoryName, check: number, button: Named & { identifier: string }): Promise<void>;
  rerun(at: RepositoryName, check: number, by: Named): Promise<void>;
  /** All check runs of a commit. */
  rerunAll(at: RepositoryName, sha: string, by: Named): Promise<void>;
}

interface Named {
  /** Login of who does it. */
  as: string;
}

export function openGestures(core: GitHubCore): Gestures {
  const sceneOf = (at: RepositoryName, { as }: Named): Scene => {
    const sender = findAccount(core.state, as);
    if (sender === undefined) throw new Error(`There is no account ${as}; create it first.`);
    return { core, repository: repositoryOf(core, at), sender };
  };
  return {
    label: async (at, number, { name, ...by }) => {
      const scene = sceneOf(at, by);
      await addLabels(scene, findIssue(scene.repository, number), [name]);
    },
    click: async (at, id, { identifier, ...by }) => {
      const scene = sceneOf(at, by);
      const check = checkIn(scene.repository, id);
      if (!buttonsOf(check).some((button) => button.identifier === identifier)) {
        throw new Error(`The check run ${id} shows no button "${identifier}".`);
      }
      checkClicked(scene, check, identifier);
    },
    rerun: async (at, id, by) => {
      const scene = sceneOf(at, by);
      checkWanted(scene, checkIn(scene.repository, id));
    },
    rerunAll: async (at, sha, by) => {
      const scene = sceneOf(at, by);
      const [first] = checksOn(scene.repository, sha);
      if (first === undefined) throw new Error(`No check run stands on ${sha}.`);
      suiteWanted(scene, first);
    },
  };
}

/** GitHub shows them once the check run is completed. */
export const buttonsOf = ({ status, actions }: CheckRun): CheckRun["actions"] =>
  status === "completed" ? actions : [];

const checksOn = ({ checkRuns }: Repository, sha: string): CheckRun[] =>
  [...checkRuns.values()].filter(({ headSha }) => headSha === sha);

function checkIn({ checkRuns }: Repository, id: number): CheckRun {
  const check = checkRuns.get(id);
  if (check === undefined) throw new Error(`There is no check run ${id}.`);
  return check;
}
