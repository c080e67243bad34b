// What GitHub tells when the App comes to repositories, in the shapes of its own deliveries.

import { createHmac } from "node:crypto";

import { Probot } from "probot";
import { expect, it } from "vitest";

import { connect } from "../../src/app.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import type { RepositoryRef } from "../../src/world/forge.ts";
import type { LetterEvent } from "../../src/world/inbox.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const account = {
  login: "acme",
  id: 7,
  node_id: "MDEyOk9yZ2FuaXphdGlvbjc=",
  type: "Organization",
  site_admin: false,
};
const installation = {
  id: 77,
  account,
  repository_selection: "selected",
  app_id: 1000,
  target_type: "Organization",
  permissions: { contents: "write", metadata: "read" },
  events: ["issue_comment"],
  suspended_at: null,
};
const repository = (id: number, name: string) => ({
  id,
  node_id: `R_${id}`,
  name,
  full_name: `acme/${name}`,
  private: true,
});

/** A door that keeps what it is told; `keep` may fail. */
async function door({ served = () => true, keep = async () => {} }: Given = {}) {
  const added: RepositoryRef[] = [];
  const log = createMemoryLog();
  const given = { githubToken: "nobody-is-asked", secret: SECRET, logLevel: "fatal" } as const;
  const probot = await new Probot(given).ready();
  const parts = {
    heard: { note: () => {} },
    intake: {
      take: async (event: LetterEvent) => {
        await keep();
        if (event.source === "arrival") added.push(...event.repositories);
      },
    },
    serves: served,
    log,
  };
  connect(probot, parts);
  const deliver = async (name: "installation" | "installation_repositories", payload: object) => {
    const body = JSON.stringify(payload);
    const signature = `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`;
    await probot.webhooks.verifyAndReceive({ id: "d-1", name, payload: body, signature });
  };
  return { deliver, added, log };
}

interface Given {
  served?: (ref: { owner: string; name: string }) => boolean;
  keep?: () => Promise<void>;
}

it("hears of an installation with its repositories, and of those that are added later", async () => {
  const { deliver, added } = await door();
  await deliver("installation", {
    action: "created",
    installation,
    repositories: [repository(1, "site"), repository(2, "shop")],
    requester: null,
    sender: account,
  });
  await deliver("installation_repositories", {
    action: "added",
    installation,
    repository_selection: "selected",
    repositories_added: [repository(3, "docs")],
    repositories_removed: [],
    requester: null,
    sender: account,
  });
  expect(added).toEqual(
    ["site", "shop", "docs"].map((name, index) => ({
      installationId: 77,
      repositoryId: index + 1,
      owner: "acme",
      name,
    })),
  );
});

it("keeps those alone that the operator serves, and says of what it cannot read that it could not", async () => {
  const { deliver, added, log } = await door({ served: ({ name }) => name === "site" });
  const repositories = [repository(1, "site"), repository(2, "shop")];
  await deliver("installation", { action: "created", installation, repositories });
  expect(added.map(({ name }) => name)).toEqual(["site"]);
  // An enterprise has no login.
  const enterprise = { ...installation, account: { id: 9, slug: "big", name: "Big" } };
  await deliver("installation", { action: "created", installation: enterprise });
  expect(log.lines.map(({ message }) => message)).toEqual(["An installation could not be read."]);
});

it("refuses a delivery that could not be kept, so that it is asked for again", async () => {
  const { deliver } = await door({ keep: () => Promise.reject(new Error("The disk is full.")) });
  const repositories = [repository(1, "site")];
  await expect(
    deliver("installation", { action: "created", installation, repositories }),
  ).rejects.toMatchObject({ errors: [{ name: "NotKept", status: 503 }] });
});
