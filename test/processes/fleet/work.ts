// What is asked of the bots: a workflow of parts, in so many repositories and threads.

/** Work for a town; each thread is asked once, each repository is an installation of its own. */
export interface Work {
  repositories: number;
  /** Issues of each. */
  threads: number;
  /** The workflow that is asked for. */
  script: string;
  /** Of `.github/fanfold.yml`; null for none. */
  settings: string | null;
}

/** The name of the workflow that is asked for. */
export const NAME = "parts";

/** Each part is a writer and a reviewer, and a second round where the reviewer is not content. */
export const partsScript = (parts: number): string =>
  `export const meta = { name: '${NAME}', description: 'Parts side by side' }
const parts = Array.from({ length: ${parts} }, (_, n) => n)
const made = await parallel(parts.map((n) => async () => {
  let one = await change('Write part ' + n + ' into parts/' + n + '.txt', { label: 'part ' + n })
  let verdict = await review(one, { lenses: ['correctness'], reviewers: 1 })
  if (verdict.verdict === 'rejected') {
    one = (await revise(one, verdict.findings)) ?? one
    await review(one, { lenses: ['correctness'], reviewers: 1 })
  }
  return one
}))
return (await combine(made)).combined.length
`;

/** One after the other, so many agents look at something and change nothing. */
export const looksScript = (looks: number): string =>
  `export const meta = { name: '${NAME}', description: 'Looks at something' }
const seen = []
for (let n = 0; n < ${looks}; n += 1) seen.push(await agent('Look at part ' + n, { label: 'look ' + n }))
return seen.length
`;
