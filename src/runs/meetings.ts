// Which changes of a run touched the same places without knowing of each other.

import type { Mirror } from "../repo/contract.ts";
import type { ChangeState, Ledger } from "../steps/ledger.ts";

/** Two changes and the paths at which they met. */
export interface Meeting {
  one: ChangeState;
  other: ChangeState;
  paths: readonly string[];
}

/** Every pair that met, in the order of the changes. Commits that are not here any more are left out. */
export async function meetingsOf(
  mirror: Pick<Mirror, "has" | "collisions">,
  ledger: Ledger,
): Promise<Meeting[]> {
  const changes = [...ledger.changes.values()];
  const isHere = await Promise.all(changes.map(({ head }) => mirror.has(head)));
  const here = changes.filter((_, at) => isHere[at]);
  if (here.length < 2) return [];
  const collisions = await mirror.collisions(here.map(({ base, head }) => ({ base, head })));
  const knows = openKnowledge(ledger);
  return collisions.flatMap((collision) => {
    const [one, other] = [here[collision.one], here[collision.other]];
    if (one === undefined || other === undefined) return [];
    return knows(one, other) || knows(other, one) ? [] : [{ one, other, paths: collision.paths }];
  });
}

/** Whether a change was begun where the other one was in the trunk already: it stands on it and met nobody. */
function openKnowledge({ folds }: Ledger): (later: ChangeState, earlier: ChangeState) => boolean {
  const placeOfCommit = new Map(folds.map(({ commit }, at) => [commit, at]));
  const placeOfChange = new Map(folds.map(({ change }, at) => [change, at]));
  return (later, earlier) =>
    (placeOfChange.get(earlier.id) ?? Infinity) <= (placeOfCommit.get(later.base) ?? -1);
}
