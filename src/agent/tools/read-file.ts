// The tool that reads a text file with line numbers.

import { z } from "zod";

import type { Readable } from "../../repo/contract.ts";
import type { FileContent } from "../../repo/git-data.ts";
import { showInvisible } from "../code-points.ts";
import { toolLimits } from "../tool-limits.ts";
import { defineTool, ToolRefused, type Tool } from "../tool.ts";
import { wordsBeside } from "../words.ts";

const Input = z.strictObject({
  path: z.string().min(1).max(toolLimits.pathChars),
  from_line: z.int().min(1).optional(),
  to_line: z.int().min(1).optional(),
});
type Input = z.infer<typeof Input>;

/** Reads one file of what the agent reads, or of what that was before the change it judges. */
export function readFile(files: Readable, when: "now" | "before" = "now"): Tool {
  return defineTool({
    name: when === "now" ? "read_file" : "read_file_before",
    description:
      when === "now" ? wordsBeside(import.meta.url, "./read-file.md") : BEFORE_THE_CHANGE,
    input: Input,
    run: async (input) => render(textOf(await files.read(input.path), input.path), input),
  });
}

const BEFORE_THE_CHANGE =
  "Like read_file, but reads the file as it was before the change that you judge.";

function textOf(content: FileContent | null, path: string): string {
  if (content?.kind === "text") return content.text;
  throw new ToolRefused(content === null ? noFile(path) : whyNoText(content, path));
}

function noFile(path: string): string {
  return `There is no file at ${path}. list_files shows which paths exist.`;
}

function whyNoText(content: Exclude<FileContent, { kind: "text" }>, path: string): string {
  if (content.kind === "binary")
    return `${path} is a binary file of ${content.size} bytes and cannot be read. Go on without it.`;
  if (content.kind === "too-large")
    return `${path} has ${content.size} bytes, too many to read. Leave it alone and say so in your answer.`;
  return content.kind === "link"
    ? `${path} is a symbolic link to ${content.target}. Links are not followed; read that path if it lies in the repository.`
    : `${path} is a submodule at ${content.commit}; its files are not part of this repository.`;
}

function render(text: string, input: Input): string {
  if (text === "") return "[The file is empty.]";
  const lines = text.replace(/\n$/, "").split("\n");
  const from = input.from_line ?? 1;
  const wanted = Math.min(input.to_line ?? lines.length, lines.length);
  if (from > lines.length || from > wanted)
    throw new ToolRefused(
      `There are no lines ${from} to ${input.to_line ?? "the end"}: ${input.path} has ${lines.length} lines.`,
    );
  const shown = numbered(lines, from, Math.min(wanted, from + toolLimits.readLines - 1));
  const last = from + shown.length - 1;
  const { text: body, shown: marks } = showInvisible(shown.join("\n"));
  return [
    body,
    ...(last < wanted
      ? [`[Cut at line ${last} of ${lines.length}. Read on with from_line ${last + 1}.]`]
      : []),
    ...(marks > 0
      ? [
          `[${marks} characters that nobody sees are shown as <U+…>; the file holds the characters.]`,
        ]
      : []),
  ].join("\n");
}

/** At least one line, then as many as fit. */
function numbered(lines: readonly string[], from: number, to: number): string[] {
  const shown: string[] = [];
  let chars = 0;
  for (let line = from; line <= to; line++) {
    const text = `${String(line).padStart(6)}\t${cutLine(lines[line - 1] ?? "")}`;
    chars += text.length + 1;
    if (shown.length > 0 && chars > toolLimits.readChars) break;
    shown.push(text);
  }
  return shown;
}

function cutLine(line: string): string {
  const left = line.length - toolLimits.lineChars;
  return left <= 0
    ? line
    : `${line.slice(0, toolLimits.lineChars)} [Cut: ${left} more characters in this line.]`;
}
