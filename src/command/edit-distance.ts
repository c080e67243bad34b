// How far a typed word is from one we know.

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. For words, not texts. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) row.push(cell({ a, b, rows, row, i, j }));
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

/** The nearest of `known` within `within` edits; null when none is that near. The first wins a tie. */
export function nearest<Word extends string>(
  word: string,
  known: readonly Word[],
  within: number,
): Word | null {
  let best: { word: Word; distance: number } | null = null;
  for (const candidate of known) {
    const distance = editDistance(word, candidate);
    if (distance <= within && (best === null || distance < best.distance)) {
      best = { word: candidate, distance };
    }
  }
  return best?.word ?? null;
}

interface Cell {
  a: string;
  b: string;
  rows: readonly number[][];
  row: readonly number[];
  i: number;
  j: number;
}

function cell({ a, b, rows, row, i, j }: Cell): number {
  const above = rows[i - 1] ?? [];
  const same = a[i - 1] === b[j - 1];
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return Math.min(
    (above[j] ?? 0) + 1,
    (row[j - 1] ?? 0) + 1,
    (above[j - 1] ?? 0) + (same ? 0 : 1),
    swapped ? (rows[i - 2]?.[j - 2] ?? 0) + 1 : Infinity,
  );
}
