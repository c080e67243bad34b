// Other people's words inside our Markdown: shown as they are, without any effect.

/** A code span that holds `text` whatever it contains; one line, cut at `limit` characters. */
export function codeSpan(text: string, limit = 200): string {
  const line = shorten(text.replaceAll(/\s+/gu, " ").trim(), limit);
  const longest = Math.max(0, ...[...line.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const padding = line === "" || line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** A fenced block that holds `text` whatever it contains. */
export function codeBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** At most `limit` characters, never half a surrogate pair. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/u, "")}…`;
}
