// Many runs at once in one process: GitHub and the model play in another one, so that only the bot is measured.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { type LocalGitHub, startLocalGitHub } from "../../src/local/github/server.ts";
import { startDemoModel } from "../../src/local/model/demo.ts";
import { CrowdResult } from "./result.ts";
import type { CrowdSizes } from "./sizes.ts";
import type { CrowdPlace, CrowdTask } from "./task.ts";

const worker = fileURLToPath(new URL("worker.ts", import.meta.url));
const OWNER = "acme";
const PERSON = "ada";
const SECRET = "a secret for a benchmark, long enough to be one";

const SCRIPT = `export const meta = { name: 'crowd', description: 'One writer and one reviewer a file' }
const files = await repo.files('src/*.js')
const made = await pipeline(
  files,
  (path) => change('Fix ' + path + ': replace the deprecated substr. Touch no other file.', { label: path }),
  async (one) => one !== null && (await review(one, { lenses: ['correctness'] })).verdict === 'accepted' ? one : null,
)
return (await combine(made.filter(Boolean))).combined.length
`;

const sourceOf = (index: number): string =>
  `${Array.from({ length: 60 }, (_, line) => `// Line ${line} of part ${index}.`).join("\n")}\n` +
  `export const part${index} = (text) => text.substr(${index}, 1);\n`;

export async function measureCrowd(
  sizes: CrowdSizes,
  say: (line: string) => void,
): Promise<CrowdResult> {
  const dir = await mkdtemp(join(tmpdir(), "fanfold-bench-"));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const model = await startDemoModel({ latencyMs: sizes.latencyMs });
  stack.defer(() => model.close());
  const app = { id: 1000, slug: "fanfold", webhookSecret: SECRET };
  const github = await startLocalGitHub({ dataDir: join(dir, "github"), app });
  stack.defer(() => github.close());
  const person = await github.createUser({ login: PERSON });
  const source = await makeSource(join(dir, "source"), sizes.writers);
  const places: CrowdPlace[] = [];
  for (let index = 0; index < sizes.runs; index += 1) {
    places.push(await placeFor(github, { name: `site-${index}`, person: person.id, source }));
  }
  say(`${sizes.runs} runs of ${2 * sizes.writers} agents at once …`);
  const task: CrowdTask = {
    sizes,
    places,
    env: {
      APP_ID: String(github.app.id),
      PRIVATE_KEY: github.app.privateKey,
      WEBHOOK_SECRET: SECRET,
      GITHUB_API_URL: github.url,
      GITHUB_WEB_URL: github.url,
      ANTHROPIC_API_KEY: "demo-model-needs-no-key",
      ANTHROPIC_BASE_URL: model.url,
      FANFOLD_APPROVAL: "never",
    },
  };
  const { stdout } = await run(process.execPath, [worker, JSON.stringify(task)]);
  return CrowdResult.parse(JSON.parse(stdout));
}

const run = promisify(execFile);

/** What each run finds: one file a writer, each with something to mend. */
async function makeSource(path: string, writers: number): Promise<string> {
  const files: Record<string, string> = { ".claude/workflows/crowd.js": SCRIPT };
  for (let index = 0; index < writers; index += 1) {
    files[`src/part${index}.js`] = sourceOf(index);
  }
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  const asAda = ["-c", `user.name=${PERSON}`, "-c", `user.email=${PERSON}@example.invalid`];
  await run("git", ["init", "--quiet", "--initial-branch=main", path]);
  await run("git", ["-C", path, "add", "."]);
  await run("git", ["-C", path, ...asAda, "commit", "--quiet", "--message=Begin"]);
  return path;
}

/** A repository of its own for each run: pushes to one are spaced out for all of its runs. */
async function placeFor(
  github: LocalGitHub,
  { name, person, source }: { name: string; person: number; source: string },
): Promise<CrowdPlace> {
  const place = { owner: OWNER, name };
  const made = await github.createRepository(place);
  await github.setRole(place, PERSON, "write");
  await github.importRepository(place, source);
  const { number } = await github.createIssue(place, { as: PERSON, title: "Mend", body: "" });
  const said = await github.comment(place, number, { as: PERSON, body: "/workflow crowd" });
  return {
    repository: { ...place, installationId: made.installationId, repositoryId: made.id },
    thread: number,
    commentId: said.id,
    requester: { id: person, login: PERSON },
  };
}
