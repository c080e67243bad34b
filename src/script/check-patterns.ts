// Asks the engine itself about a script's regular expressions: the parser knows newer ones than the engine does.

import type { Literal, Program } from "acorn";
import { simple } from "acorn-walk";

import { openInProcessSandbox } from "../engine/sandbox/in-process.ts";
import { type Checked, checkScript } from "./check.ts";
import { parseProgram } from "./parse.ts";
import { type Problem, problemAt } from "./problem.ts";

// Without a place in what it throws: the engine gives none for a pattern.
const TRY_ALL = `return args.map(([pattern, flags]) => {
  try { new RegExp(pattern, flags) } catch (error) { return error.message }
  return null
})`;

/** `checkScript`, and then whether the engine can read every pattern of the script, which takes it about 0.1 s. */
export async function checkWithEngine(source: string): Promise<Checked> {
  const checked = checkScript(source);
  if (!checked.ok) return checked;
  const problems = await checkPatterns(parseProgram(source));
  return problems.length === 0 ? checked : { ...checked, ok: false, problems };
}

async function checkPatterns(program: Program): Promise<Problem[]> {
  const literals = patternsOf(program);
  if (literals.length === 0) return [];
  await using sandbox = await openInProcessSandbox();
  const args = literals.map(({ regex }) => [regex?.pattern ?? "", regex?.flags ?? ""]);
  const given = { functions: [], constants: {}, budgetTotal: null };
  const { state } = await sandbox.start({ source: TRY_ALL, args, ...given });
  if (state.kind !== "returned" || !Array.isArray(state.value)) {
    throw new Error("The engine did not say what it thinks of the patterns.", { cause: state });
  }
  const said = state.value;
  return literals.flatMap((literal, index) => {
    const why = said[index];
    return typeof why === "string" ? [problemAt(literal.loc, refusal(why))] : [];
  });
}

function patternsOf(program: Program): Literal[] {
  const found: Literal[] = [];
  simple(program, {
    Literal(node) {
      if (node.regex !== undefined && node.regex !== null) found.push(node);
    },
  });
  return found.sort((one, other) => one.start - other.start);
}

function refusal(why: string) {
  return {
    message: `The script engine cannot read this regular expression (${why})`,
    help: HELP.find(([pattern]) => pattern.test(why))?.[1] ?? "write it in an older form",
  };
}

const HELP: readonly (readonly [RegExp, string])[] = [
  [/group name/, "give each group a name of its own"],
  [/too many captures/, "use groups that capture nothing, `(?:…)`"],
  [/invalid group/, "set flags for the whole expression, as in /…/i"],
  [/class range/, "put the left side of `--` into brackets of its own, as in [[…]--[…]]"],
];
