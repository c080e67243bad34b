// What tools give back at most, each with its unit. What is cut is said in the result.

/** Lines are in the file's own, characters are UTF-16 units. */
export const toolLimits = {
  /** Paths of one list_files. */
  paths: 1000,
  /** Lines of one read_file. */
  readLines: 2000,
  /** Characters of one read_file, about 15,000 tokens. */
  readChars: 60_000,
  /** Characters of one line; longer ones are minified code or data. */
  lineChars: 2000,
  /** Hits of one search. */
  hits: 200,
  /** Characters of one search result. */
  searchChars: 40_000,
  /** Characters of a search pattern. */
  patternChars: 1000,
  /** Characters of a path or glob. */
  pathChars: 1000,
  /** Characters a file may have that is written or edited. */
  writeChars: 1_000_000,
  /** Characters of a sentence about invalid input. */
  complaintChars: 2000,
} as const;
