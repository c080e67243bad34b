// The language's table: what it says must be true of the engine, the check and the page.

import { describe, expect, it } from "vitest";

import { checkScript } from "../../src/script/check.ts";
import { language, renderLanguage, scriptFunctions } from "../../src/script/language.ts";
import { openInProcessSandbox } from "../../src/engine/sandbox/in-process.ts";
import { drive } from "../engine/drive.ts";

const META = "export const meta = { name: 'x', description: 'y' };\n";

describe("The language's table", () => {
  it.each(language.map(({ name, example }) => [name, example] as const))(
    "has an example of %s that passes the check without a note",
    (_, example) => {
      expect(checkScript(`${META}${example}\n`)).toMatchObject({ ok: true, notes: [] });
    },
  );

  it("names only globals that the sandbox has", async () => {
    const names = language.map(({ name }) => name);
    const source = `${META}return { ${names.map((name) => `"${name}": typeof ${name}`).join(", ")} }`;
    const { end } = await drive(openOnLanguage, source, { args: "text" });
    expect(end.kind).toBe("returned");
    const missing = end.kind === "returned" ? end.value : {};
    expect(Object.entries(missing ?? {}).filter(([, type]) => type === "undefined")).toEqual([]);
  });

  it("tells people everything the table holds", () => {
    const page = renderLanguage();
    for (const { signature, does, gives, example, ...more } of language) {
      const fields = [...(more.parameters ?? []), ...(more.options ?? [])];
      const told = [`### \`${signature}\``, does, gives, example, ...(more.errors ?? [])];
      for (const part of [...told, ...fields.map((field) => field.does)]) {
        expect(page).toContain(part);
      }
    }
  });
});

// `drive` brings functions of its own; this is the same sandbox with the language's.
async function openOnLanguage() {
  const sandbox = await openInProcessSandbox();
  return {
    ...sandbox,
    start: (program: Parameters<typeof sandbox.start>[0]) =>
      sandbox.start({
        ...program,
        functions: scriptFunctions,
        constants: { repo: { head: "0".repeat(40), pull: null } },
      }),
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  };
}
