// Source files with the types of the language and of Node: enough to tell what a name stands for.

import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";

import ts from "typescript";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2025,
  lib: ["lib.es2025.d.ts", "lib.esnext.disposable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ["node"],
  allowJs: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
};

/** Packages are left out, but for the types of Node: nothing they declare is the machine's own time or chance. */
export function programOf(files: readonly string[]): ts.Program {
  const host = ts.createCompilerHost(OPTIONS, true);
  host.resolveModuleNameLiterals = (literals, from) =>
    literals.map(({ text }) => ({ resolvedModule: moduleOf(text, { from, host }) }));
  return ts.createProgram([...files], OPTIONS, host);
}

function moduleOf(
  name: string,
  { from, host }: { from: string; host: ts.CompilerHost },
): ts.ResolvedModuleFull | undefined {
  if (from.includes("/node_modules/"))
    return ts.resolveModuleName(name, from, OPTIONS, host).resolvedModule;
  const resolvedFileName = resolve(dirname(from), name);
  if (!name.startsWith(".") || !/\.[jt]s$/u.test(name) || !existsSync(resolvedFileName)) return;
  const extension = name.endsWith(".ts") ? ts.Extension.Ts : ts.Extension.Js;
  return { resolvedFileName, extension, isExternalLibraryImport: false };
}
