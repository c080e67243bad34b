// Loads the script engine: compiled once for a process, with a memory of its own for every sandbox.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import * as ng from "@jitl/quickjs-ng-wasmfile-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from "quickjs-emscripten";

import { withFastTexts } from "./fast-texts.ts";

// Node has it; its type lives in the browser's library, which this project does not load.
declare const WebAssembly: {
  Memory: new (size: { initial: number; maximum: number }) => { grow(pages: number): number };
  compile(bytes: Uint8Array): Promise<object>;
};

let compiled: Promise<object> | null = null;

/**
 * Makes a fresh engine. Its memory is at its full size from the start, because growing it breaks open calls; when
 * nothing of it is left the engine asks for more, and `onExhausted` hears of it: a sign no script can forge or hide.
 */
export async function loadEngine(
  memoryPages: number,
  onExhausted: () => void,
): Promise<QuickJSWASMModule> {
  const wasmMemory = new WebAssembly.Memory({ initial: memoryPages, maximum: memoryPages });
  wasmMemory.grow = () => {
    onExhausted();
    throw new RangeError("The sandbox's memory does not grow.");
  };
  compiled ??= compileEngine();
  const wasmModule = await compiled;
  const variant = newVariant(syncVariant(), { wasmMemory, wasmModule });
  return await newQuickJSWASMModuleFromVariant({
    ...variant,
    async importModuleLoader() {
      let loader = await variant.importModuleLoader();
      if ("default" in loader) loader = loader.default;
      const load = "default" in loader ? loader.default : loader;
      return async (options) => withFastTexts(await load(options));
    },
  });
}

async function compileEngine(): Promise<object> {
  const file = fileURLToPath(import.meta.resolve("@jitl/quickjs-ng-wasmfile-release-sync/wasm"));
  return await WebAssembly.compile(await readFile(file));
}

// The package's types describe its CommonJS face, where the variant is one level further down.
function syncVariant(): QuickJSSyncVariant {
  const face = ng.default;
  const variant = "default" in face ? face.default : face;
  if (variant.type === "sync") return variant;
  throw new Error("The script engine is not the synchronous build.");
}
