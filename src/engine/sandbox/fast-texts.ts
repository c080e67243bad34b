// Carries texts into the engine's memory and out of it by Node's own coders: the engine's do it letter by letter.

/** What of an engine's module has to do with texts; a text in its memory ends with a zero. */
interface Texts {
  readonly HEAPU8: Uint8Array;
  lengthBytesUTF8(text: string): number;
  stringToUTF8(text: string, at: number, mostBytes?: number): void;
  UTF8ToString(at: number, mostBytes?: number): string;
}

/** Replaces the coders of a module whose memory never grows, and so never moves. */
export function withFastTexts<Module extends Texts>(module: Module): Module {
  const { buffer, byteOffset, byteLength } = module.HEAPU8;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const writeSlowly = module.stringToUTF8.bind(module);

  module.lengthBytesUTF8 = (text) => Buffer.byteLength(text);
  module.stringToUTF8 = (text, at, mostBytes) => {
    // Half a character has no UTF-8; the engine has its own way to write it.
    if (mostBytes === undefined || !text.isWellFormed()) return writeSlowly(text, at, mostBytes);
    const written = bytes.write(text, at, mostBytes - 1);
    bytes[at + written] = 0;
  };
  module.UTF8ToString = (at, mostBytes = Infinity) => {
    if (at === 0) return "";
    const zero = bytes.indexOf(0, at);
    const end = zero === -1 ? byteLength : zero;
    return bytes.toString("utf8", at, Math.min(end, at + mostBytes));
  };
  return module;
}
