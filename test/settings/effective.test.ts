// Two files and an operator: the stricter word holds, and everybody can see whose it is.

import { describe, expect, it } from "vitest";

import { defaultSettings, effectiveOf, type Said } from "../../src/settings/effective.ts";
import { saidIn, fileSchema } from "../../src/settings/file-schema.ts";
import { allKeys, type Key, keys } from "../../src/settings/keys.ts";

const meet = (key: Key, said: { owner: unknown; repository: unknown }) => {
  const owner: Said = { [key]: said.owner };
  const { settings, origins } = effectiveOf({ owner, repository: { [key]: said.repository } });
  return [settings[key], origins.get(key)];
};

describe("where the owner's file and the repository's both speak", () => {
  it.each<[Key, unknown, unknown, unknown, string]>([
    ["disableWorkflows", true, false, true, "owner"],
    ["savedWorkflowsOnly", false, true, true, "repository"],
    ["model", "opus", "haiku", "haiku", "repository"],
    ["limits.agents", 10, 500, 10, "owner"],
    ["limits.agents", 10, 5, 5, "repository"],
    ["budget.most", 50, 100, 50, "owner"],
    ["approval.when", "always", "never", "always", "owner"],
    ["approval.when", "never", "large", "large", "repository"],
    ["approval.twoPeople", true, false, true, "owner"],
    ["approval.trusted", ["audit", "fix"], ["fix", "mine"], ["fix"], "both"],
    ["permissions.run", "maintain", "write", "maintain", "owner"],
    ["permissions.run", "write", "admin", "admin", "repository"],
    ["paths.protected", ["a"], ["b"], ["a", "b"], "both"],
  ])("%s: %j and %j make %j", (...[key, owner, repository, value, origin]) => {
    expect(meet(key, { owner, repository })).toEqual([value, origin]);
  });

  it("a repository cannot trust its own workflows where the owner wants to be asked always", () => {
    const owner: Said = { "approval.when": "always" };
    const repository: Said = { "approval.trusted": ["mine"], "approval.savedUpToUsd": 100 };
    const { settings } = effectiveOf({ owner, repository });
    expect(settings["approval.trusted"]).toEqual([]);
    expect(settings["approval.savedUpToUsd"]).toBe(0);
  });
});

it("an operator who switches off has the last word; when to ask is only a default", () => {
  const operator = { disableWorkflows: true, approval: "never" } as const;
  const silent = effectiveOf({ operator });
  expect(silent.settings).toMatchObject({ disableWorkflows: true, "approval.when": "never" });
  expect(silent.origins.get("disableWorkflows")).toBe("operator");
  expect(silent.origins.get("approval.when")).toBe("operator");
  const asked = effectiveOf({
    operator,
    repository: { disableWorkflows: false, "approval.when": "large" },
  });
  expect(asked.settings).toMatchObject({ disableWorkflows: true, "approval.when": "large" });
});

it("every default is a value that the file itself could say", () => {
  for (const key of allKeys) {
    const { fallback, schema } = keys[key];
    expect(fallback === null || schema.safeParse(fallback).success).toBe(true);
    expect(defaultSettings[key]).toEqual(fallback);
  }
});

it("a parsed file says what stands in it under the keys of the table, and nothing else", () => {
  const file = fileSchema.parse({
    model: "opus",
    limits: { agents: 3 },
    permissions: { off: "admin" },
  });
  expect(saidIn(file)).toEqual({ model: "opus", "limits.agents": 3, "permissions.off": "admin" });
});
