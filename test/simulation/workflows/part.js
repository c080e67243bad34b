export const meta = { name: "part", description: "Writes one part, and has it reviewed" };
const one = await change(`Write part ${args.n} into parts/${args.n}.txt`, {
  label: `part ${args.n}`,
});
if (one !== null) await review(one, { lenses: ["correctness"], reviewers: 1 });
return one;
