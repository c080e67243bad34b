// Keeps the server to this machine: a page elsewhere must not reach it through a name that points to 127.0.0.1.

const names = ["127.0.0.1", "localhost"];

/** Whether the Host header of a request names this server as people on this machine would. */
export function isLoopbackHost(host: string | undefined, port: number): boolean {
  return names.some((name) => host === `${name}:${port}`);
}
