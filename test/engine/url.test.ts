// The URL of scripts says what the platform's own URL says, about every address it takes.

import fc from "fast-check";
import { expect, it } from "vitest";

import { openInProcessSandbox } from "../../src/engine/sandbox/in-process.ts";
import { returned } from "./drive.ts";

const PARTS =
  "href protocol username password host hostname port origin pathname search hash".split(" ");

const read = (addresses: readonly string[]) =>
  returned(
    () => openInProcessSandbox(),
    `return args.map((address) => { try { const url = new URL(address); return ${JSON.stringify(PARTS)}.map((part) => url[part]) } catch (error) { return error.name } })`,
    { args: [...addresses] },
  );

function expected(address: string): unknown {
  if (!URL.canParse(address)) return "TypeError";
  const url: object = new URL(address);
  return PARTS.map((part) => Reflect.get(url, part));
}

it("D3 reads addresses as the platform does", async () => {
  const addresses = [
    "https://example.com",
    "HTTPS://Example.COM:443/a/./b/../c?x=1#y",
    "http://user:pa%20ss@example.com:8080/",
    "http://user@example.com/",
    "  https://example.com/a b?c d#e f \n",
    "https:\\\\example.com\\a\\b",
    "https://example.com/../../x/..",
    "https://example.com/%2e%2e/x/%2E",
    "https://example.com/é🙂?ü='\"<>#`{}",
    "https://example.com?#",
    "https://[::1]:3000/x",
    "http://127.0.0.1/",
    "https://github.com/octo-org/octo.repo/pull/5/files#diff-1",
    "mailto:someone@example.com?subject=x",
    "data:text/plain,hello",
    "not a url",
    "example.com/path",
    "//example.com",
    "https://",
    "https://exa mple.com",
    "https://example.com:99999/",
    "http://256.0.0.1/",
    "",
  ];
  expect(await read(addresses)).toEqual(addresses.map(expected));
});

it("D3 agrees with the platform on thousands of made-up addresses", async () => {
  const urls = fc.webUrl({
    withFragments: true,
    withQueryParameters: true,
    authoritySettings: { withPort: true, withUserInfo: true, withIPv4: true },
    validSchemes: ["http", "https", "ftp"],
  });
  const addresses = fc.sample(urls, { numRuns: 2_000, seed: 3 });
  const answers = await read(addresses);
  expect(answers).toEqual(addresses.map(expected));
});

it("D3 cannot be changed, and is written as its address", async () => {
  const source = `const url = new URL("https://example.com/a")
    try { url.hostname = "evil" } catch {}
    return [url.hostname, String(url), { url }, URL.canParse("x:y"), URL.canParse("x"), url instanceof URL]`;
  expect(await returned(() => openInProcessSandbox(), source)).toEqual([
    "example.com",
    "https://example.com/a",
    { url: "https://example.com/a" },
    true,
    false,
    true,
  ]);
});
