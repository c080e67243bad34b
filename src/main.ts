// Starts the bot from the environment alone. Looks at Node's version first: everything behind it needs 24.

const wanted = 24;
const major = Number(process.versions.node.split(".")[0]);

if (major < wanted) {
  process.stderr.write(
    `Fanfold needs Node ${wanted} or newer; this is ${process.versions.node}. ` +
      "Start it with `npm start`: npm scripts use the Node that `npm ci` installs here.\n",
  );
  process.exitCode = 1;
} else {
  const { serve } = await import("./serve.ts");
  await serve(process.env);
}
