// One bare repository's objects: what reads them, what makes new ones.

import { isDamage } from "./bare.ts";
import { noteDamage } from "./bring.ts";
import { type CatFile, openCatFile } from "./cat-file.ts";
import { type Importer, openImporter } from "./importer.ts";
import { type Made, openMade } from "./made.ts";
import { openTextExport, type TextExport } from "./text-export.ts";
import { openTreeReader, type TreeReader } from "./tree-reader.ts";

export interface ObjectStore extends AsyncDisposable {
  readonly gitDir: string;
  readonly catFile: CatFile;
  readonly trees: TreeReader;
  readonly importer: Importer;
  readonly made: Made;
  readonly texts: TextExport;
  /** Hands on what became of a reading; damage that it met is noted, so that the next fetch mends it. */
  watching<T>(reading: Promise<T>): Promise<T>;
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
    made: openMade(),
    texts,
    watching: async (reading) => {
      try {
        return await reading;
      } catch (error) {
        if (isDamage(error)) await noteDamage(gitDir);
        throw error;
      }
    },
    [Symbol.asyncDispose]: async () => {
      await texts[Symbol.asyncDispose]();
      await catFile[Symbol.asyncDispose]();
    },
  };
}
