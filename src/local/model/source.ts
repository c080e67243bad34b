// A JavaScript or TypeScript file as a syntax tree whose positions are those of the file.

import { stripTypeScriptTypes } from "node:module";

import { parse, type AnyNode, type Comment, type Program } from "acorn";
import { fullAncestor } from "acorn-walk";

/** A node with those around it, the outermost first; `around` ends with its parent. */
export interface Placed {
  node: AnyNode;
  around: readonly AnyNode[];
}

export interface Source {
  path: string;
  text: string;
  /** The text with types blanked out; positions are the same. */
  stripped: string;
  program: Program;
  nodes: readonly Placed[];
  comments: readonly Comment[];
  kind: "module" | "script";
  /** Line of a position, from 1. */
  lineAt(position: number): number;
  /** The text of a node, or null where types were blanked out in it: such a piece must not be rebuilt. */
  textOf(node: { start: number; end: number }): string | null;
}

export type Parsed = { ok: true; source: Source } | { ok: false; why: string };

const TYPESCRIPT = /\.[cm]?tsx?$/;

/** Parses a file; `why` says in a sentence what stands in the way. */
export function parseSource(path: string, text: string): Parsed {
  try {
    const stripped = TYPESCRIPT.test(path) ? withoutTypes(text) : text;
    const comments: Comment[] = [];
    const { program, kind } = parseEither(path, stripped, comments);
    const starts = lineStarts(text);
    const textOf = (node: { start: number; end: number }): string | null => {
      const piece = text.slice(node.start, node.end);
      return piece === stripped.slice(node.start, node.end) ? piece : null;
    };
    const lineAt = (position: number): number => lineOf(starts, position);
    return {
      ok: true,
      source: {
        path,
        text,
        stripped,
        program,
        nodes: nodesOf(program),
        comments,
        kind,
        lineAt,
        textOf,
      },
    };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

function withoutTypes(text: string): string {
  const stripped = stripTypeScriptTypes(text, { mode: "strip" });
  if (stripped.length !== text.length)
    throw new Error("Its types cannot be blanked out without moving the code behind them.");
  return stripped;
}

function parseEither(
  path: string,
  text: string,
  comments: Comment[],
): { program: Program; kind: Source["kind"] } {
  const kinds: Source["kind"][] = /\.c[jt]s$/.test(path) ? ["script"] : ["module", "script"];
  let first: unknown = null;
  for (const kind of kinds) {
    comments.length = 0;
    try {
      return { program: parseAs(kind, text, comments), kind };
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

function parseAs(kind: Source["kind"], text: string, comments: Comment[]): Program {
  return parse(text, {
    ecmaVersion: "latest",
    sourceType: kind,
    allowHashBang: true,
    allowReturnOutsideFunction: kind === "script",
    onComment: comments,
  });
}

function nodesOf(program: Program): Placed[] {
  const nodes: Placed[] = [];
  fullAncestor(program, (node, _state, ancestors) => {
    nodes.push({ node, around: ancestors.slice(0, -1) });
  });
  return nodes.sort((a, b) => a.node.start - b.node.start || b.node.end - a.node.end);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function lineOf(starts: readonly number[], position: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? Infinity) <= position) low = middle;
    else high = middle;
  }
  return low + 1;
}
