// Who may command, case by case: a wrong yes here is someone else's money and branches.

import { describe, expect, it } from "vitest";

import { authorize, notAPerson, type Permission } from "../../src/command/authorize.ts";
import { verbs } from "../../src/command/verbs.ts";
import type { RoleName } from "../../src/world/forge.ts";

const person = { authorId: 7, senderId: 7, senderType: "User", viaApp: false };
const having = (role: RoleName): Permission => ({ kind: "known", role, userId: 7 });

describe("only a person in their own comment speaks", () => {
  it("a person does", () => {
    expect(notAPerson(person)).toBeNull();
  });

  it.each([
    ["a bot", { senderType: "Bot" }, "not-a-user"],
    ["an organization", { senderType: "Organization" }, "not-a-user"],
    ["a kind of account GitHub may invent", { senderType: "Mannequin" }, "not-a-user"],
    ["a writer in somebody else's comment", { senderId: 8 }, "not-the-author"],
    ["an App with a person's token", { viaApp: true }, "through-an-app"],
  ] as const)("%s does not", (_, change, why) => {
    expect(notAPerson({ ...person, ...change })).toBe(why);
  });
});

describe("the live role decides", () => {
  it.each([
    ["none", "triage", false],
    ["read", "triage", false],
    ["triage", "triage", true],
    ["none", "write", false],
    ["read", "write", false],
    ["triage", "write", false],
    ["write", "write", true],
    ["maintain", "write", true],
    ["admin", "write", true],
  ] as const)("%s for what needs %s: %s", (role, needs, allowed) => {
    expect(authorize(7, having(role), needs).allowed).toBe(allowed);
  });

  it("a login that changed hands is refused, whatever its new owner may do", () => {
    const permission: Permission = { kind: "known", role: "admin", userId: 8 };
    expect(authorize(7, permission, "write")).toEqual({ allowed: false, why: "other-account" });
  });

  it("what cannot be checked is refused", () => {
    expect(authorize(7, { kind: "unknown" }, "triage")).toEqual({
      allowed: false,
      why: "unchecked",
    });
  });

  it("what spends money or stops work needs write", () => {
    expect([verbs.run.needs, verbs.cancel.needs]).toEqual(["write", "write"]);
  });
});
