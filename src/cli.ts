#!/usr/bin/env node
// The command line: `fanfold demo`, `check`, `preview`, `setup`, `doctor`, `replay`, `audit-log`. Looks at Node's version first: everything behind it needs 24.

const wanted = 24;
const major = Number(process.versions.node.split(".")[0]);

if (major < wanted) {
  process.stderr.write(
    `Fanfold needs Node ${wanted} or newer; this is ${process.versions.node}. ` +
      "Use npm's scripts (`npm run demo`): they run on the Node that `npm ci` installs here.\n",
  );
  process.exitCode = 1;
} else {
  const { runCommandLine } = await import("./command-line/main.ts");
  process.exitCode = await runCommandLine(process.argv);
}
