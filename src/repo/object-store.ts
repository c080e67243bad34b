// One bare repository's objects: what reads them, what makes new ones.

import { type CatFile, openCatFile } from "./cat-file.ts";
import { type Importer, openImporter } from "./importer.ts";
import { openTreeReader, type TreeReader } from "./tree-reader.ts";

export interface ObjectStore extends AsyncDisposable {
  readonly gitDir: string;
  readonly catFile: CatFile;
  readonly trees: TreeReader;
  readonly importer: Importer;
}

/** Opens the objects of a bare repository; processes start with the first question. */
export function openObjectStore(gitDir: string): ObjectStore {
  const catFile = openCatFile(gitDir);
  return {
    gitDir,
    catFile,
    trees: openTreeReader(catFile),
    importer: openImporter(gitDir),
    [Symbol.asyncDispose]: () => catFile[Symbol.asyncDispose](),
  };
}
