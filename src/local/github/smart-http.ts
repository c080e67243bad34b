// Git over HTTP: `git http-backend` as CGI behind GitHub's rules about who may read and push what.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";

import { accountOf, type Actor, canPush, holds, mustMay, reaches } from "./actor.ts";
import type { GitHubCore } from "./core.ts";
import { Refusal } from "./errors.ts";
import { gitEnvironment } from "./git.ts";
import { readPush, refuseAll } from "./pkt-line.ts";
import type { PushMeter } from "./push-limits.ts";
import { mayChangeWorkflows, workflowRefusal } from "./rules/change-refs.ts";
import { noticeRefs } from "./rules/ref-changes.ts";
import type { Repository } from "./state.ts";
import { findRepository } from "./look-up.ts";
import type { Tokens } from "./tokens.ts";
import { inTurn } from "./turns.ts";

/** With `.git` or without it, as on GitHub. */
const place = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack))$/;
const largestPushBytes = 2_000_000_000;

/** Whether a request is git's, which pages and API leave alone. */
export const isGitPath = (path: string): boolean => place.test(path);

interface GitCall {
  core: GitHubCore;
  repository: Repository;
  actor: Actor;
  /** Below the repository, e.g. `/info/refs`. */
  path: string;
  request: Request;
}

/** What git is answered with. */
export interface GitDoor {
  core: GitHubCore;
  tokens: Tokens;
  pushes: PushMeter;
}

export async function answerGit(door: GitDoor, request: Request): Promise<Response> {
  try {
    const call = await enter(door, request);
    return call.path === "/git-receive-pack"
      ? await receive(call, door.pushes)
      : await runBackend(call);
  } catch (error) {
    if (error instanceof Refusal) return refusal(error);
    throw error;
  }
}

/** Git asks for credentials when it is told 401; people read the text. */
const refusal = ({ status, message }: Refusal): Response =>
  new Response(`${message}\n`, {
    status,
    headers: {
      "content-type": "text/plain",
      ...(status === 401 ? { "www-authenticate": 'Basic realm="GitHub"' } : {}),
    },
  });

async function enter({ core, tokens }: GitDoor, request: Request): Promise<GitCall> {
  const url = new URL(request.url);
  const [, owner = "", name = "", path = ""] = place.exec(url.pathname) ?? [];
  const { actor } = await tokens.actorOf(request.headers.get("authorization") ?? undefined);
  const repository = findRepository(core.state, {
    owner: decodeURIComponent(owner),
    name: decodeURIComponent(name),
  });
  // Anonymous readers of what they may not see are asked who they are first.
  const hidden = actor.kind === "anonymous" && repository?.private !== false;
  if (hidden) throw new Refusal(401, "Repository not found.");
  if (repository === undefined) throw new Refusal(404, "Repository not found.");
  const service = url.searchParams.get("service") ?? path.slice(1);
  const pushing = service === "git-receive-pack";
  mayTransfer({ repository, actor }, pushing);
  return { core, repository, actor, path, request };
}

function mayTransfer(
  { repository, actor }: Pick<GitCall, "repository" | "actor">,
  pushing: boolean,
): void {
  if (!pushing) return mustMay(repository, actor, { anyOf: ["contents"], level: "read" });
  const name = `${repository.owner.login}/${repository.name}`;
  const account = accountOf(actor);
  const may =
    actor.kind === "installation"
      ? reaches(actor.grant, repository) && holds(actor.grant, "contents", "write")
      : canPush(repository, account);
  if (!may) throw new Refusal(403, `Permission to ${name}.git denied to ${account.login}.`);
}

/** A push has its turn; what it moved is noticed before the answer goes out. */
async function receive(call: GitCall, pushes: PushMeter): Promise<Response> {
  const { core, repository, actor } = call;
  return inTurn(repository, async () => {
    const body = await bodyOf(call.request);
    const push = readPush(body);
    if (core.faults.take("push-failed") !== null) return answer(refuseAll(push, "failed"));
    const refused = pushes.refuse(repository.id, push);
    if (refused !== null) return answer(refuseAll(push, refused));
    const response = await runBackend(call, body);
    const text = Buffer.from(await response.arrayBuffer());
    await noticeRefs(core, repository, accountOf(actor));
    const workflow = refusedWorkflow(text);
    if (workflow !== null) return answer(refuseAll(push, workflowRefusal(workflow)));
    return new Response(text, { status: response.status, headers: response.headers });
  });
}

const answer = (bytes: Buffer): Response =>
  new Response(new Uint8Array(bytes), {
    headers: { "content-type": "application/x-git-receive-pack-result" },
  });

/** What the hook of the repository found, when it refused. */
const refusedWorkflow = (answer: Buffer): string | null =>
  /refused-workflow:([^\n]*)/.exec(answer.toString())?.[1] ?? null;

async function bodyOf(request: Request): Promise<Buffer> {
  const length = Number(request.headers.get("content-length") ?? 0);
  if (length > largestPushBytes) throw new Refusal(413, "The push is larger than 2 GB.");
  const bytes = Buffer.from(await request.arrayBuffer());
  return request.headers.get("content-encoding") === "gzip" ? gunzipSync(bytes) : bytes;
}

async function runBackend(call: GitCall, body?: Buffer): Promise<Response> {
  const child = spawn("git", ["http-backend"], {
    env: environmentOf(call, body),
    stdio: ["pipe", "pipe", "pipe"],
    timeout: 300_000,
  });
  // Git may stop reading early; its answer says why.
  child.stdin.on("error", () => {});
  child.stderr.resume();
  const { request } = call;
  if (body !== undefined) child.stdin.end(body);
  else if (request.body === null) child.stdin.end();
  else Readable.from(chunksOf(request.body)).pipe(child.stdin);
  request.signal.addEventListener("abort", () => child.kill());
  return fromCgi(child.stdout);
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}

function environmentOf(
  { repository, actor, path, request }: GitCall,
  body: Buffer | undefined,
): Record<string, string> {
  const url = new URL(request.url);
  const header = (name: string): string => request.headers.get(name) ?? "";
  const who = actor.kind === "anonymous" ? {} : { REMOTE_USER: accountOf(actor).login };
  return {
    ...gitEnvironment(),
    ...who,
    GIT_PROJECT_ROOT: repository.gitDir,
    GIT_HTTP_EXPORT_ALL: "1",
    GIT_HTTP_MAX_REQUEST_BUFFER: "100M",
    GIT_PROTOCOL: header("git-protocol"),
    PATH_INFO: path,
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: header("content-type"),
    ...(body === undefined
      ? {
          CONTENT_LENGTH: header("content-length"),
          HTTP_CONTENT_ENCODING: header("content-encoding"),
        }
      : { CONTENT_LENGTH: String(body.length) }),
    LOCAL_GITHUB_WORKFLOWS: mayChangeWorkflows(actor) ? "allowed" : "refused",
  };
}

/** CGI's headers, then its body as it comes. */
async function fromCgi(output: Readable): Promise<Response> {
  let head = Buffer.alloc(0);
  while (head.indexOf("\r\n\r\n") === -1) {
    const chunk: Buffer | null = output.read();
    if (chunk === null) {
      if (output.readableEnded)
        throw new Error(`git http-backend gave no headers: ${head.toString()}`);
      await Promise.race([once(output, "readable"), once(output, "end")]);
    } else head = Buffer.concat([head, chunk]);
  }
  const end = head.indexOf("\r\n\r\n");
  output.unshift(head.subarray(end + 4));
  const headers = new Headers();
  let status = 200;
  for (const line of head.toString("latin1", 0, end).split("\r\n")) {
    const [name = "", value = ""] = line.split(/: (.*)/s);
    if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
    else headers.append(name, value);
  }
  // Not `Readable.toWeb`: what git still says to somebody who went away would end the process.
  return new Response(ReadableStream.from<Uint8Array>(output), { status, headers });
}
