// One bare repository's objects: what reads them, what makes new ones.

import { type CatFile, openCatFile } from "./cat-file.ts";
import { type Importer, openImporter } from "./importer.ts";
import { openTextExport, type TextExport } from "./text-export.ts";
import { openTreeReader, type TreeReader } from "./tree-reader.ts";

export interface ObjectStore extends AsyncDisposable {
  readonly gitDir: string;
  readonly catFile: CatFile;
  readonly trees: TreeReader;
  readonly importer: Importer;
  readonly texts: TextExport;
}

/**
 * Opens the objects of a bare repository; processes start with the first question. `textDir` is where searches keep texts
 * while this process lives.
 */
export function openObjectStore(gitDir: string, textDir: string): ObjectStore {
  const catFile = openCatFile(gitDir);
  const texts = openTextExport(gitDir, textDir);
  return {
    gitDir,
    catFile,
    trees: openTreeReader(catFile),
    importer: openImporter(gitDir),
    texts,
    [Symbol.asyncDispose]: async () => {
      await texts[Symbol.asyncDispose]();
      await catFile[Symbol.asyncDispose]();
    },
  };
}
