// Checks that nothing in `src` asks the machine itself for time or chance; exit status 1 with a line for each that does.

import { fileURLToPath } from "node:url";

import { mayAsk, ownTimeBelow } from "./own-time/house.ts";

const { files, found } = await ownTimeBelow(fileURLToPath(new URL("../src", import.meta.url)));
const wrong = found.filter((each) => !mayAsk(each));

for (const { file, line, what } of wrong) process.stdout.write(`src/${file}:${line}: ${what}\n`);
if (wrong.length > 0) {
  process.stdout.write(
    "Ask the clock of the world, or its chance: simulations move one and draw the other from their seed.\n" +
      "Where the machine itself is meant, scripts/own-time/allowed.ts says so with the reason.\n",
  );
}
process.stdout.write(`${files} files, ${wrong.length} that ask the machine.\n`);
process.exitCode = wrong.length > 0 ? 1 : 0;
