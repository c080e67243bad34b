// The one way a script's text becomes a syntax tree.

import { type Options, parse, type Program } from "acorn";

/** Parses as scripts are parsed everywhere: a module whose top level may await and return. Throws acorn's SyntaxError. */
export function parseProgram(source: string, onToken?: Options["onToken"]): Program {
  return parse(source, {
    ecmaVersion: "latest",
    sourceType: "module",
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    allowHashBang: false,
    locations: true,
    ranges: true,
    ...(onToken === undefined ? {} : { onToken }),
  });
}
