#!/usr/bin/env node
// The `fanfold` command: plain JavaScript, so that a Node too old for the rest can still say so.

const wanted = 24;
const { node } = process.versions;

if (Number(node.split(".")[0]) < wanted) {
  process.stderr.write(
    `fanfold needs Node ${wanted} or newer; this is ${node}. Nothing was done. ` +
      `Install Node ${wanted}, or run npm's scripts in the clone: they use the Node that \`npm ci\` installs there.\n`,
  );
  process.exitCode = 1;
} else {
  await import("../src/cli.ts");
}
