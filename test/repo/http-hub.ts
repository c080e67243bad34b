// A bare repository over git's smart HTTP on this machine, with faults on request.

import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { dirname, basename } from "node:path";

export interface HttpHub extends AsyncDisposable {
  url: string;
  /** Called before each answer goes out, after git did its work; true drops the connection instead. */
  drop: (request: IncomingMessage) => boolean;
  /** The authorization of each request, in order. */
  authorizations: (string | undefined)[];
}

/** Serves one bare repository; pushing is allowed. */
export async function serveHub(gitDir: string): Promise<HttpHub> {
  const hub: Pick<HttpHub, "drop" | "authorizations"> = { drop: () => false, authorizations: [] };
  const server = createServer((request, response) => {
    hub.authorizations.push(request.headers.authorization);
    void answer({ gitDir, request, response }).then((output) => {
      if (hub.drop(request)) request.socket.destroy();
      else send(response, output);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port.");
  return Object.assign(hub, {
    url: `http://127.0.0.1:${address.port}/${basename(gitDir)}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

function answer(of: {
  gitDir: string;
  request: IncomingMessage;
  response: ServerResponse;
}): Promise<Buffer> {
  const { pathname, searchParams } = new URL(of.request.url ?? "/", "http://127.0.0.1");
  const child = spawn("git", ["-c", "http.receivepack=true", "http-backend"], {
    env: {
      PATH: process.env["PATH"] ?? "",
      GIT_PROJECT_ROOT: dirname(of.gitDir),
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_PROTOCOL: String(of.request.headers["git-protocol"] ?? ""),
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      REQUEST_METHOD: of.request.method ?? "GET",
      CONTENT_TYPE: of.request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: of.request.headers["content-encoding"] ?? "",
      REMOTE_USER: "fanfold",
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => {});
  of.request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => resolve(Buffer.concat(chunks)));
  });
}

/** What a CGI program said, as an HTTP answer. */
function send(response: ServerResponse, output: Buffer): void {
  const end = output.indexOf("\r\n\r\n");
  let status = 200;
  for (const line of output.toString("latin1", 0, end).split("\r\n")) {
    const [name = "", value = ""] = line.split(": ", 2);
    if (name === "Status") status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status).end(output.subarray(end + 4));
}
