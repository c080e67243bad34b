// The gate every path passes that a model or a person gave: normalised, or refused with a sentence.

import { PathRefused } from "./contract.ts";

const DEPTH_MAX = 40;
const SEGMENT_BYTES_MAX = 255;
const PATH_BYTES_MAX = 4_096;

/** Control, format (bidi, zero-width) and broken characters, line separators, and others that leave no mark. */
const INVISIBLE =
  /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}|\p{Default_Ignorable_Code_Point}|\p{Noncharacter_Code_Point}|\ufffd/u;
/** What Windows keeps for devices, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
/** `.git` and the short names Windows gives it and git's own files. */
const GIT_NAME = /^(?:\.git(?:[ .].*)?|gi[a-z0-9]{0,4}~\d+)$/i;

/**
 * A path as the repository knows it: relative, `/` between the parts, no `.` or empty part. Refuses with `PathRefused`
 * what could leave the repository, mean `.git`, or read differently than it is.
 */
export function checkPath(path: string): string {
  if (path === "") refuse(path, "it is empty");
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) refuse(path, `it is over ${PATH_BYTES_MAX} bytes`);
  if (INVISIBLE.test(path)) refuse(path, "it holds control, invisible or broken characters");
  if (path.includes("\\")) refuse(path, "it holds a backslash");
  if (path.startsWith("/")) refuse(path, "it is absolute");
  if (path.startsWith("~")) refuse(path, "it starts with a tilde");
  if (path.endsWith("/")) refuse(path, "it names a folder");
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.length === 0) refuse(path, "it names the repository itself");
  if (segments.length > DEPTH_MAX) refuse(path, `it is more than ${DEPTH_MAX} folders deep`);
  for (const segment of segments) checkSegment(path, segment);
  return segments.join("/");
}

/** `./src//a.ts` as `src/a.ts`, for looking things up; refuses nothing. */
export function tidyPath(path: string): string {
  return path
    .split("/")
    .filter((segment) => segment !== "" && segment !== ".")
    .join("/");
}

function checkSegment(path: string, segment: string): void {
  if (segment === "..") refuse(path, "it leaves its folder with ..");
  if (GIT_NAME.test(segment.normalize("NFKC"))) refuse(path, "it names git's own folder");
  if (segment.includes(":")) refuse(path, "it holds a colon, which names a drive or a stream");
  if (DEVICE.test(segment)) refuse(path, `${segment} is a device name on Windows`);
  if (/[. ]$/.test(segment)) refuse(path, "a part of it ends with a dot or a space");
  if (Buffer.byteLength(segment) > SEGMENT_BYTES_MAX) {
    refuse(path, `a part of it is over ${SEGMENT_BYTES_MAX} bytes`);
  }
}

function refuse(path: string, why: string): never {
  const shown = JSON.stringify(path.slice(0, 200));
  throw new PathRefused(
    `The path ${shown} is refused: ${why}. Give a path relative to the top of the repository, such as "src/app.ts".`,
  );
}
