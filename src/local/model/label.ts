// The sentence by which everybody sees that no AI was asked.

export const DEMO_LABEL =
  "Written by Fanfold's demo model, which follows fixed rules; no AI was asked.";

/** Ends a text for people with the label, once. */
export function labelled(text: string): string {
  if (text.endsWith(DEMO_LABEL)) return text;
  const words = text.trimEnd();
  return `${words}${words.includes("\n") ? "\n\n" : " "}${DEMO_LABEL}`.trimStart();
}
