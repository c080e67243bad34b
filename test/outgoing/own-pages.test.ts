// On a GitHub of one's own, links to its pages stay links; everything that only looks like one stays broken.

import { expect, it } from "vitest";

import { ownPages } from "../../src/outgoing/own-pages.ts";
import { harmless } from "../../src/runs/render/harmless.ts";

const open = (text: string): string => ownPages("https://git.corp.example:8443")(harmless(text));

it.each([
  "See https://git.corp.example:8443/acme/site/issues/3 for more.",
  "See [the issue](https://git.corp.example:8443/acme/site/issues/3).",
  "See https://github.com/acme/site and https://git.corp.example:8443/",
])("%j is as it was", (text) => {
  expect(open(text)).toBe(text);
});

it.each([
  "https://git.corp.example/acme",
  "https://git.corp.example:8443@evil.example/",
  "https://git.corp.example:8443.evil.example/",
  "http://git.corp.example:8443/acme",
  "xhttps://git.corp.example:8443/acme",
  "[x](https://evil.example/https://git.corp.example:8443/)",
  "[x](//git.corp.example:8443/)",
])("%j stays broken", (text) => {
  expect(open(text)).toMatch(/\u2060/);
});

it("changes nothing where the bot lives on GitHub itself", () => {
  const text = harmless("https://git.corp.example/ and https://github.com/acme");
  expect(ownPages("https://github.com")(text)).toBe(text);
});
