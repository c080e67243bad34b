// Figures for people: names, values and goals in columns; a goal that was missed is marked.

export interface Goal {
  text: string;
  unit: string;
  isMet: (value: number) => boolean;
}

export function most(limit: number, unit: string): Goal {
  return { text: `at most ${limit}`, unit, isMet: (value) => value <= limit };
}

export function least(limit: number, unit: string): Goal {
  return { text: `at least ${limit}`, unit, isMet: (value) => value >= limit };
}

export function row(
  name: string,
  value: number | null | undefined,
  { text, unit, isMet }: Goal,
): string[] {
  if (value == null) return [name, "not measured", text];
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 3 : 1);
  return [name, `${shown} ${unit}`, isMet(value) ? text : `${text}: MISSED`];
}

export function columns(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0));
  return rows
    .map(([name = "", value = "", goal = ""]) =>
      `${name.padEnd(width(0))}  ${value.padStart(width(1))}  ${goal}`.trimEnd(),
    )
    .join("\n");
}
