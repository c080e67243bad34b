// Which names of refs are passed on to git.

const CHARACTERS_MAX = 250;

/** Whether a full name (`refs/…/…`) is one that git accepts and that cannot be mistaken for an option or a pattern. */
export function isRefName(ref: string): boolean {
  if (!/^refs(?:\/[^\s/]+){2,}$/.test(ref) || ref.length > CHARACTERS_MAX) return false;
  // oxlint-disable-next-line eslint/no-control-regex -- git refuses exactly these
  if (/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\.$/.test(ref)) return false;
  return ref.split("/").every((segment) => !segment.startsWith(".") && !segment.endsWith(".lock"));
}
