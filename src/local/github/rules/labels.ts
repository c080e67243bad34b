// Labels of issues and pull requests; who puts one on causes a webhook for each.

import { notFound } from "../errors.ts";
import { type Issue, type Label, nextId } from "../state.ts";
import { timestamp } from "../look-up.ts";
import type { Scene } from "../webhooks/events.ts";
import { labeled } from "../webhooks/signs.ts";

/** A label that is there already is not put on again, and nobody is told. */
export async function addLabels(
  scene: Scene,
  issue: Issue,
  names: readonly string[],
): Promise<Label[]> {
  for (const name of names) {
    if (issue.labels.some((label) => label.name === name)) continue;
    const label = { id: nextId(scene.core.state), name };
    issue.labels.push(label);
    issue.updatedAt = timestamp();
    await labeled(scene, issue, label);
  }
  return issue.labels;
}

export function removeLabel(issue: Issue, name: string): Label[] {
  const left = issue.labels.filter((label) => label.name !== name);
  if (left.length === issue.labels.length) throw notFound();
  issue.labels = left;
  return left;
}
