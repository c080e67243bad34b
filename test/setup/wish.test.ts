// What people type into the form: what is meant is understood, and what cannot work is said before GitHub is asked.

import { describe, expect, it } from "vitest";

import { readPlaces } from "../../src/config/env.ts";
import { type Field, readWish } from "../../src/setup/wish.ts";

const github = readPlaces({});
const own = readPlaces({
  GITHUB_WEB_URL: "http://github.acme.internal",
  GITHUB_API_URL: "http://github.acme.internal/api/v3",
});
const good = { name: "acme-fanfold", owner: "me", address: "https://bot.acme.com" };

function mistakeIn(change: Record<string, unknown>, field: Field, places = github): string {
  const read = readWish({ ...good, ...change }, places);
  return read.ok ? "" : (read.mistakes[field] ?? "");
}

describe("the form", () => {
  it("becomes a wish", () => {
    const read = readWish({ ...good, name: "  acme-fanfold " }, github);
    expect(read).toMatchObject({
      ok: true,
      wish: {
        name: "acme-fanfold",
        organization: null,
        address: "https://bot.acme.com",
        isPublic: false,
      },
    });
  });

  it.each([
    ["https://bot.acme.com/", "https://bot.acme.com"],
    ["https://bot.acme.com/api/github/webhooks", "https://bot.acme.com"],
    ["https://acme.com/tools/fanfold/", "https://acme.com/tools/fanfold"],
    ["https://bot.acme.com:8443", "https://bot.acme.com:8443"],
    ["https://172.32.0.1", "https://172.32.0.1"],
  ])("takes %s for the bot at %s", (address, url) => {
    expect(readWish({ ...good, address }, github)).toMatchObject({ wish: { address: url } });
  });

  it.each<[string, string]>([
    ["", "where GitHub will reach"],
    ["bot.acme.com", "no web address"],
    ["javascript:alert(1)", "no web address"],
    ["http://bot.acme.com", "Use https"],
    ["https://me:word@bot.acme.com", "Leave out"],
    ["https://bot.acme.com/?a=b", "Leave out"],
    ...["localhost:3000", "127.0.0.1", "10.1.2.3", "192.168.0.4", "172.20.0.1", "[::1]", "bot"].map(
      (host): [string, string] => [`https://${host}`, "GitHub cannot reach"],
    ),
    ["https://bot.internal", "GitHub cannot reach"],
  ])("says what is wrong with the address %s", (address, why) => {
    expect(mistakeIn({ address }, "address")).toContain(why);
  });

  it("believes that a GitHub inside reaches what is inside", () => {
    expect(mistakeIn({ address: "http://bot.acme.internal" }, "address", own)).toBe("");
  });

  it.each([
    ["", "Give the App a name"],
    ["   ", "Give the App a name"],
    ["x".repeat(35), "this one has 35"],
    ["one\u0000two", "visible characters"],
    ["one\u202Etwo", "visible characters"],
    ["…!", "letters a to z"],
  ])("says what is wrong with the name %j", (name, why) => {
    expect(mistakeIn({ name }, "name")).toContain(why);
  });

  it.each([`Ada's "Bot" & <b>`, "Fanfold für Ada", "x".repeat(34)])(
    "leaves the name %s to GitHub",
    (name) => {
      expect(readWish({ ...good, name }, github)).toMatchObject({ ok: true, wish: { name } });
    },
  );

  it("asks for the organization where one was chosen, and only there", () => {
    const chosen = { owner: "organization", organization: "acme/../x" };
    expect(mistakeIn(chosen, "organization")).toContain("letters, digits and hyphens");
    expect(mistakeIn({ ...chosen, organization: "" }, "organization")).toContain("Give the");
    expect(mistakeIn({ owner: "me", organization: "acme/../x" }, "organization")).toBe("");
    const organization = readWish({ ...good, ...chosen, organization: "acme" }, github);
    expect(organization).toMatchObject({ wish: { organization: "acme" } });
  });

  it("takes what is no text for left empty", () => {
    const read = readWish({ name: ["a", "b"], address: 1, visibility: "secret" }, github);
    expect(read).toMatchObject({
      ok: false,
      typed: { name: "", address: "", visibility: "private" },
    });
  });
});
