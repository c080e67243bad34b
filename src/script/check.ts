// Decides whether a text is a script, before anything runs: all problems at once, each with its place.

import type { Program, Token } from "acorn";

import { checkNames } from "./check-names.ts";
import { checkTree } from "./check-tree.ts";
import { globalNames } from "./language.ts";
import { type Meta, readMeta } from "./meta.ts";
import { explainSyntax } from "./explain-syntax.ts";
import { parseProgram } from "./parse.ts";
import {
  hiddenCharacters,
  type Note,
  type Problem,
  problemAt,
  problemAtOffset,
} from "./problem.ts";

export { type Problem, type Note, renderProblem } from "./problem.ts";

/** The verdict on a text: what the script says about itself and what to know, or every reason against it. */
export type Checked =
  | { ok: true; meta: Meta; notes: Note[] }
  | { ok: false; meta: Meta | null; problems: Problem[]; notes: Note[] };

const MOST_BYTES = 524_288;
const MOST_NESTING = 64;
const MOST_HIDDEN_SHOWN = 5;

/**
 * Checks a script without running it. This protects the person who reads it and the engine's parser; what a script
 * may do is bounded by the sandbox, not here.
 */
export function checkScript(source: string): Checked {
  const tooLarge = checkSize(source);
  if (tooLarge !== null) return refused([tooLarge]);
  const hidden = checkHidden(source);
  const parsed = parseScript(source);
  if (parsed.program === null) return refused([...hidden, ...parsed.problems]);
  return judge(parsed.program, { problems: [...hidden, ...parsed.problems], notes: parsed.notes });
}

function judge(program: Program, found: { problems: Problem[]; notes: Note[] }): Checked {
  try {
    const { meta, problems, notes } = readMeta(program);
    const tree = checkTree(program);
    const all = [...found.problems, ...problems, ...tree.problems];
    const known = [...notes, ...found.notes, ...tree.notes, ...checkNames(program, globalNames)];
    if (meta !== null && all.length === 0) return { ok: true, meta, notes: known };
    return { ok: false, meta, problems: all, notes: known };
  } catch (error) {
    // The tree is walked by functions that call themselves: what is too deep for them is too deep for people.
    if (!(error instanceof RangeError)) throw error;
    const message = "An expression nests too deeply to be read";
    const help = "give its parts names of their own, or put its parts into an array";
    return refused([...found.problems, problemAt(null, { message, help })]);
  }
}

function refused(problems: Problem[]): Checked {
  return { ok: false, meta: null, problems, notes: [] };
}

function checkSize(source: string): Problem | null {
  const bytes = Buffer.byteLength(source);
  if (bytes <= MOST_BYTES) return null;
  return problemAt(null, {
    message: `The script has ${bytes} bytes; at most ${MOST_BYTES} are allowed`,
    help: "move long prompts into files that agents read",
  });
}

function checkHidden(source: string): Problem[] {
  // A mark before everything else only says how the file is written, and hides nothing.
  const hidden = [...source.matchAll(hiddenCharacters)].filter(
    ({ index, 0: character }) => index > 0 || character !== "\u{feff}",
  );
  const found = hidden.slice(0, MOST_HIDDEN_SHOWN);
  return found.map(({ index, 0: character }) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return problemAtOffset(source, index, {
      message: `The character U+${code} can hide text from whoever approves the script`,
      help: `remove it, or write it as an escape such as \\u{${code}}`,
    });
  });
}

interface Parsed {
  program: Program | null;
  problems: Problem[];
  notes: Note[];
}

function parseScript(source: string): Parsed {
  const tokens = createTokenCheck(source);
  try {
    const program = parseProgram(source, (token) => tokens.see(token));
    return { program, problems: tokens.problems(), notes: tokens.notes() };
  } catch (error) {
    const problems = tokens.problems();
    // Brackets beyond counting overflow the parser itself; then the nesting is what there is to say.
    if (problems.length > 0) return { program: null, problems, notes: [] };
    return { program: null, problems: [syntaxProblem(source, error)], notes: [] };
  }
}

function syntaxProblem(source: string, error: unknown): Problem {
  if (!(error instanceof SyntaxError) || !("pos" in error) || typeof error.pos !== "number") {
    throw error;
  }
  // The parser stops behind the first character of such a line.
  const offset = error.pos === 1 && source.startsWith("#!") ? 0 : error.pos;
  return problemAtOffset(source, offset, explainSyntax(source, error.message, offset));
}

const OPENING = new Set(["(", "[", "{", "${"]);
const CLOSING = new Set([")", "]", "}"]);

// Sees every token but what stands in strings and comments.
function createTokenCheck(source: string) {
  const foreign = new Map<string, Token>();
  let depth = 0;
  let deep: Token | null = null;
  return {
    see(token: Token) {
      const { label } = token.type;
      if (OPENING.has(label)) depth += 1;
      if (CLOSING.has(label)) depth -= 1;
      if (depth > MOST_NESTING) deep ??= token;
      const name = label === "name" ? source.slice(token.start, token.end) : "";
      if (/[^\u0020-\u007e]/u.test(name) && !foreign.has(name)) foreign.set(name, token);
    },
    problems(): Problem[] {
      const message = `Brackets nest deeper than ${MOST_NESTING} levels`;
      const help = "give the inner parts names of their own";
      return deep === null ? [] : [problemAt(deep.loc, { message, help })];
    },
    notes: (): Note[] =>
      [...foreign].map(([name, { loc }]) =>
        problemAt(loc, `The name \`${name}\` has letters outside ASCII that may look like others.`),
      ),
  };
}
