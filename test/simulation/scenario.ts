// What happens in a world: a repository with a workflow, people who ask for it and meddle, machines that come and go.

import { draw, drawInt, pick } from "./core/draw.ts";

/** Somebody does something at a moment, in milliseconds from the start. */
export type Deed = { at: number } & (
  | { kind: "says"; by: string; body: string }
  | { kind: "answers"; word: "approve" | "reject" }
  /** Raises the cap in money once a run rests at it. */
  | { kind: "raises"; byUsd: number }
  | { kind: "pushes"; files: Readonly<Record<string, string>> }
  /** Closes one of our pull requests, or deletes one of our branches, by its place among them. */
  | { kind: "closes" | "deletes"; which: number }
);

export interface Scenario {
  name: string;
  script: string;
  args: string;
  deeds: readonly Deed[];
  /** Of its reviews. */
  lenses: readonly string[];
  /** In US dollars, that the run is asked for with; null: none that is ever met. */
  capUsd: number | null;
  /** Somebody meddled: what comes of it depends on when. */
  isOpenEnded: boolean;
}

interface Shape {
  name: string;
  script: (seed: number) => string;
  asks: boolean;
  lenses: readonly string[];
}

const PARTS = "const parts = Array.from({ length: args.parts }, (_, n) => n)\n";

/** Where a part goes: some of them to one file, where they collide. */
const placeOf = (seed: number): string =>
  draw(seed, "collisions") < 0.4
    ? "n % 3 === 0 ? 'shared.txt' : 'parts/' + n + '.txt'"
    : "'parts/' + n + '.txt'";

const shapes: readonly [Shape, ...Shape[]] = [
  {
    name: "parallel",
    lenses: ["correctness"],
    asks: false,
    script: (seed) => `export const meta = { name: 'sim', description: 'Parts side by side' }
${PARTS}const made = await parallel(parts.map((n) => async () => {
  let one = await change('Write part ' + n + ' into ' + (${placeOf(seed)}), { label: 'part ' + n })
  if (one === null) return null
  let verdict = await review(one, { lenses: ['correctness'], reviewers: 1 })
  if (verdict.verdict === 'rejected') {
    one = (await revise(one, verdict.findings)) ?? one
    verdict = await review(one, { lenses: ['correctness'], reviewers: 1 })
  }
  return one
}))
return (await combine(made)).combined.length
`,
  },
  {
    name: "pipeline",
    lenses: ["correctness", "security"],
    asks: false,
    script: (seed) => `export const meta = { name: 'sim', description: 'Parts through stages' }
${PARTS}const made = await pipeline(parts,
  async (n) => ({ n, idea: await agent('What is part ' + n + ' about?', { label: 'idea ' + n }) }),
  async ({ n }) => change('Write part ' + n + ' into ' + (${placeOf(seed)}), { label: 'part ' + n }),
  async (one) => { if (one !== null) await review(one, { lenses: ['correctness', 'security'] }); return one },
)
return (await combine(made)).combined.length
`,
  },
  {
    name: "asks",
    lenses: ["correctness"],
    asks: true,
    script: () => `export const meta = { name: 'sim', description: 'Asks in between' }
const one = await change('Write part 0 into parts/0.txt', { label: 'part 0' })
await review(one, { lenses: ['correctness'], reviewers: 1 })
const { approved } = await approve('Shall the rest be made?')
const rest = approved ? await parallel(Array.from({ length: args.parts - 1 }, (_, n) => () =>
  change('Write part ' + (n + 1) + ' into parts/' + (n + 1) + '.txt', { label: 'part ' + (n + 1) }))) : []
await parallel(rest.map((each) => () => review(each, { lenses: ['correctness'], reviewers: 1 })))
return (await combine([one, ...rest])).combined.length
`,
  },
  {
    name: "agents only",
    lenses: [],
    asks: false,
    script: () => `export const meta = { name: 'sim', description: 'Looks and tells' }
${PARTS}const found = await parallel(parts.map((n) => () => agent('Look at part ' + n, { label: 'look ' + n })))
const checked = await parallel(found.map((each) => () => verify(each, { reviewers: 1 })))
return { found, checked: checked.map(({ verdict }) => verdict) }
`,
  },
];

const MINUTE_MS = 60_000;

/** A world drawn from its seed. */
export function drawScenario(seed: number): Scenario {
  const shape = pick(seed, "shape", shapes);
  const parts = drawInt(seed, "parts", [1, 6]);
  const deeds: Deed[] = [{ at: 0, kind: "says", by: "ada", body: commandFor(parts) }];
  if (shape.asks) {
    const at = drawInt(seed, "answer", [1, 20]) * MINUTE_MS;
    deeds.push({ at, kind: "answers", word: draw(seed, "word") < 0.8 ? "approve" : "reject" });
  }
  const meddling = draw(seed, "meddling");
  const at = drawInt(seed, "meddling at", [20, 400]) * 1_000;
  const isCancelled = meddling < 0.1;
  if (isCancelled) deeds.push({ at, kind: "says", by: "ada", body: "/workflow cancel" });
  else if (meddling < 0.25)
    deeds.push({ at, kind: "pushes", files: { "README.md": "They went on.\n" } });
  else if (meddling < 0.4)
    deeds.push({
      at,
      kind: meddling < 0.33 ? "closes" : "deletes",
      which: drawInt(seed, "which", [0, 99]),
    });
  return {
    name: shape.name,
    script: shape.script(seed),
    args: commandFor(parts),
    deeds,
    lenses: shape.lenses,
    capUsd: null,
    isOpenEnded: deeds.some(({ kind, at: when }) => kind !== "answers" && when > 0),
  };
}

/** Of all worlds: in theirs turns have a price, and the run a cap that it may meet. */
const MONEY = 0.12;
const RAISED = 0.6;
const CAP_CENTS = [5, 200] as const;

/** The cap of a world; null in most of them. */
export const capOf = (seed: number): number | null =>
  draw(seed, "purse") < MONEY ? drawInt(seed, "cap", CAP_CENTS) / 100 : null;

/** The same world under a cap, which somebody may raise. What comes of it depends on what was lost on the way. */
export function withCap(scenario: Scenario, seed: number, capUsd: number | null): Scenario {
  if (capUsd === null) return scenario;
  const [first, ...others] = scenario.deeds;
  if (first?.kind !== "says") return scenario;
  const asked = { ...first, body: `${first.body} --budget $${capUsd.toFixed(2)}` };
  const at = drawInt(seed, "raised", [1, 20]) * MINUTE_MS;
  const raise: Deed[] = draw(seed, "raises") < RAISED ? [{ at, kind: "raises", byUsd: 20 }] : [];
  return { ...scenario, deeds: [asked, ...others, ...raise], capUsd, isOpenEnded: true };
}

const commandFor = (parts: number): string => `/workflow sim {"parts": ${parts}}`;
