// What the demo hands on to its bot of the person's own settings, and what it says of the model.

import { expect, it } from "vitest";

import { claudeSettings, passedOn } from "../../src/demo/bot-environment.ts";

it("hands on the model, proxies and certificates, and nothing else", () => {
  const own = {
    PATH: "/bin",
    FANFOLD_MODEL: "opus",
    HTTPS_PROXY: "http://proxy.example:3128",
    NODE_EXTRA_CA_CERTS: "/etc/own.pem",
    SSL_CERT_FILE: "",
    APP_ID: "1",
    GITHUB_TOKEN: "secret",
  };
  const { NO_PROXY, no_proxy, ...rest } = passedOn(own);
  expect(rest).toEqual({
    PATH: "/bin",
    FANFOLD_MODEL: "opus",
    HTTPS_PROXY: "http://proxy.example:3128",
    NODE_EXTRA_CA_CERTS: "/etc/own.pem",
  });
  expect([NO_PROXY, no_proxy]).toEqual(Array(2).fill("127.0.0.1,localhost,::1"));
});

it("keeps this machine out of every proxy, beside the hosts the person keeps out", () => {
  expect(passedOn({ NO_PROXY: "in.example" })["no_proxy"]).toBe(
    "in.example,127.0.0.1,localhost,::1",
  );
});

it("uses Claude with a key, at the server that is named", () => {
  expect(claudeSettings({ ANTHROPIC_API_KEY: "k" })).toMatchObject({
    env: { ANTHROPIC_API_KEY: "k" },
    notes: [expect.stringContaining("costs money")],
  });
  const both = { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: "https://own.example" };
  expect(claudeSettings(both).env).toEqual(both);
});

it("says that a server without a key is not used", () => {
  expect(claudeSettings({})).toEqual({ env: null, notes: [] });
  const { env, notes } = claudeSettings({ ANTHROPIC_BASE_URL: "https://own.example" });
  expect(env).toBeNull();
  expect(notes).toEqual([expect.stringMatching(/ANTHROPIC_BASE_URL is not used.*API_KEY/)]);
});
