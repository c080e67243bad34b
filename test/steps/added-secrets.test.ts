// Which new lines look like secrets, and which do not.

import { expect, it } from "vitest";

import type { FileContent } from "../../src/repo/git-data.ts";
import { addedSecrets } from "../../src/steps/added-secrets.ts";

const TOKEN = `ghs_${"a".repeat(36)}`;

/** A tree with these files. */
function before(files: Record<string, string> = {}) {
  return {
    paths: () => Promise.resolve(Object.keys(files)),
    read: (path: string): Promise<FileContent | null> => {
      const text = files[path];
      return Promise.resolve(text === undefined ? null : { kind: "text", text });
    },
    search: () => Promise.resolve({ hits: [], cut: false }),
  };
}

const lines = async (path: string, content: string, old?: string): Promise<number[]> => {
  const tree = before(old === undefined ? {} : { [path]: old });
  return (await addedSecrets(tree, [{ path, content }])).map(({ line }) => line);
};

it.each([
  ["a token in code", "src/a.ts", `const a = 1\nconst token = "${TOKEN}"\n`, [2]],
  ["a private key", "deploy/key", "x\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", [2]],
  ["a password in a file of settings", "config/prod.env", "A=1\nDB_PASSWORD=hunter2hunter2\n", [2]],
  ["one in YAML's way of writing", ".env.production", "export API_KEY='k3jf9dk2lq'\n", [1]],
  ["one for a cloud", "infra/live.tfvars", 'db_password = "correct-horse"\n', [1]],
])("finds %s", async (...[, path, content, found]) => {
  expect(await lines(path, content)).toEqual(found);
});

it.each([
  ["a value that says it is none", ".env.example", "DB_PASSWORD=changeme123\nTOKEN=<your token>\n"],
  ["a name for where it is kept", "prod.env", "API_KEY=${VAULT_API_KEY}\nSECRET=********\n"],
  ["a password in ordinary code", "src/login.ts", "const password = readPassword()\n"],
  ["a short value", "a.env", "TOKEN=abc\n"],
  ["a commit's id", "CHANGES.md", `See ${"0123456789".repeat(4)}.\n`],
])("leaves %s alone", async (_, path, content) => {
  expect(await lines(path, content)).toEqual([]);
});

it("does not blame an edit for what was there before", async () => {
  const old = `const token = "${TOKEN}"\n`;
  expect(await lines("src/a.ts", `// above\n${old}`, old)).toEqual([]);
  expect(await lines("src/a.ts", `${old}const other = "${TOKEN.toUpperCase()}"\n`, old)).toEqual(
    [],
  );
  expect(await lines("src/a.ts", `${old}const other = "${TOKEN}"\n`, old)).toEqual([2]);
});
