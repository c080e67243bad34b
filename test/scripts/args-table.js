// Shows arguments that choose from a table, a list or a set are one of its entries.
// Expect {"exact": true, "agents": 1, "log": "no --args"}
export const meta = {
  name: "args-table",
  description: "Shows arguments that choose from a table, a list or a set are one of its entries.",
};
const LENSES = { speed: "Is it fast?", safety: "Is it safe?" };
const DEPTHS = ["shallow", "deep"];
const TONES = new Set(["kind", "dry"]);
const { lens, depth, tone } = args ?? {};
const question = LENSES[lens];
if (!question) throw new Error(`lens is one of ${Object.keys(LENSES).join(", ")}`);
if (!DEPTHS.includes(depth)) throw new Error(`depth is one of ${DEPTHS.join(", ")}`);
if (!TONES.has(tone)) throw new Error("tone is kind or dry");
return await agent(`${question} Look ${depth}, be ${tone}.`);
