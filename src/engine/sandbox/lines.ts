// Cuts a stream of text into lines at "\n" alone: other line ends are legal inside a JSON string.

/** Makes the listener of a stream; `hear` gets `null` instead of a line longer than `mostChars`. */
export function createLines(
  hear: (line: string | null) => void,
  mostChars: number,
): (chunk: string) => void {
  let parts: string[] = [];
  let chars = 0;
  return (chunk) => {
    const [first = "", ...rest] = chunk.split("\n");
    parts.push(first);
    chars += first.length;
    for (const next of rest) {
      hear(chars > mostChars ? null : parts.join(""));
      parts = [next];
      chars = next.length;
    }
    if (chars > mostChars) {
      parts = [];
      hear(null);
    }
  };
}
