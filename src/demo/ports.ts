// Ports of this machine for the demo's servers.

import { once } from "node:events";
import { createServer } from "node:net";

/** Port of the pages when nobody names one; a free one is taken when it is in use. */
const PREFERRED = 4280;

/** A port that nothing listened on a moment ago. */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer();
  server.listen(wanted, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}

/** The port a person asked for, as it is; else the preferred one, else any. */
export async function pagePort(wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) return wanted;
  try {
    return await freePort(PREFERRED);
  } catch {
    // In use, perhaps by another demo: people read the address from the screen anyway.
    return 0;
  }
}
