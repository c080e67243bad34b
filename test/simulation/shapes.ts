// The scripts of simulated worlds: four that stay as they are, and those that are composed of stages.

import { draw, drawInt, pick } from "./core/draw.ts";

/** What scripts of the simulation look like. */
export interface Shape {
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

export const shapes: readonly [Shape, ...Shape[]] = [
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

/** A part of a composed script: it does something with the numbers in `mine`, and puts changes into `made`. */
interface Stage {
  name: string;
  asks?: true;
  source: (seed: number) => string;
}

const reviewed = (what: string): string =>
  `await parallel(${what}.map((each) => () => each === null ? null : review(each, { lenses: ['correctness'], reviewers: 1 })))`;

const stages: readonly [Stage, ...Stage[]] = [
  {
    name: "side by side",
    source: (seed) => `const some = await parallel(mine.map((n) => () =>
    change('Write part ' + n + ' into ' + (${placeOf(seed)}), { label: 'part ' + n })))
  ${reviewed("some")}
  made.push(...some)`,
  },
  {
    name: "in stages",
    source: (seed) => `made.push(...await pipeline(mine,
    async (n) => ({ n, idea: await agent('What is part ' + n + ' about?', { label: 'idea ' + n }) }),
    ({ n }) => change('Write part ' + n + ' into ' + (${placeOf(seed)}), { label: 'part ' + n }),
    async (one) => { if (one !== null) await review(one, { lenses: ['correctness'], reviewers: 1 }); return one }))`,
  },
  {
    name: "nested",
    source: () => `made.push(...await parallel(mine.map((n) => () => workflow('part', { n }))))`,
  },
  {
    name: "nested in turn",
    source: () =>
      `for (const n of mine) made.push(await workflow('part', await workflow('tell', { n })))`,
  },
  {
    name: "looks",
    source:
      () => `const found = await parallel(mine.map((n) => () => agent('Look at part ' + n, { label: 'look ' + n })))
  await parallel(found.map((each) => () => each === null ? null : verify(each, { reviewers: 1 })))`,
  },
  {
    name: "first come",
    source:
      () => `const some = mine.map((n) => change('Write part ' + n + ' into parts/' + n + '.txt', { label: 'part ' + n }))
  if (some.length > 0) log(String((await Promise.race(some)) === null))
  const all = await Promise.all(some)
  ${reviewed("all")}
  made.push(...all)`,
  },
];

const gate: Stage = {
  name: "asks",
  asks: true,
  source: () => `const { approved } = await approve('Shall ' + mine.length + ' more be made?')
  if (approved) for (const n of mine) {
    const one = await change('Write part ' + n + ' into parts/' + n + '.txt', { label: 'part ' + n })
    if (one !== null) await review(one, { lenses: ['correctness'], reviewers: 1 })
    made.push(one)
  }`,
};

/** Of composed scripts: one stage of theirs asks a person. */
const GATED = 0.2;
const STAGES = [1, 3] as const;

/** Stages one after the other, in phases of their own, each with a share of the parts. */
export function composed(seed: number): Shape {
  const drawn = Array.from({ length: drawInt(seed, "stages", STAGES) }, (_, at) =>
    pick(seed, `stage ${at}`, stages),
  );
  const place = drawInt(seed, "gate", [0, drawn.length]);
  const all = draw(seed, "gated") < GATED ? drawn.toSpliced(place, 0, gate) : drawn;
  const blocks = all.map(
    ({ name, source }, at) => `phase('${at + 1}: ${name}')
{
  const mine = parts.filter((n) => n % ${all.length} === ${at})
  ${source(seed)}
}
`,
  );
  return {
    name: all.map(({ name }) => name).join(", "),
    asks: all.some(({ asks }) => asks === true),
    lenses: ["correctness"],
    script: () =>
      `export const meta = { name: 'sim', description: 'Stages' }
const made = []
${PARTS}${blocks.join("")}return (await combine(made)).combined.length
`,
  };
}
