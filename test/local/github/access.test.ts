// Who gets in, and how far.

import { createPrivateKey } from "node:crypto";
import { request } from "node:http";

import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startLocalGitHub } from "../../../src/local/github/server.ts";
import {
  at,
  clientOf,
  installationToken,
  openTown,
  refusalOf,
  repo,
  secret,
  type Town,
} from "./town.ts";

let town: Town;
beforeAll(async () => void (town = await openTown({ private: true })));
afterAll(() => town.close());

const jwt = (claims: { iss: string; expiresIn: string }) =>
  new SignJWT({})
    .setProtectedHeader({ alg: "RS256" })
    .setIssuer(claims.iss)
    .setIssuedAt()
    .setExpirationTime(claims.expiresIn)
    .sign(createPrivateKey(town.github.app.privateKey));

describe("the App", () => {
  it("is known by its JSON web token", async () => {
    const { data } = await town.app.rest.apps.getAuthenticated();
    expect(data).toMatchObject({ id: 77, slug: "fanfold" });
    const installation = await town.app.rest.apps.getRepoInstallation(at);
    expect(installation.data.id).toBe(town.installationId);
  });

  it.each([
    ["has expired", { iss: "77", expiresIn: "-5m" }],
    ["lasts too long", { iss: "77", expiresIn: "2h" }],
    ["names another App", { iss: "78", expiresIn: "5m" }],
  ])("is refused with 401 when its token %s", async (_what, claims) => {
    const client = clientOf(town.github, { auth: await jwt(claims) });
    expect(await refusalOf(client.rest.apps.getAuthenticated())).toMatchObject({ status: 401 });
  });

  it("is refused with 401 when another key signed its token", async () => {
    const other = await startLocalGitHub({
      dataDir: `${town.dir}/other`,
      app: { id: 77, slug: "fanfold", webhookSecret: secret },
    });
    try {
      const token = await new SignJWT({})
        .setProtectedHeader({ alg: "RS256" })
        .setIssuer("77")
        .setIssuedAt()
        .setExpirationTime("5m")
        .sign(createPrivateKey(other.app.privateKey));
      const client = clientOf(town.github, { auth: token });
      expect((await refusalOf(client.rest.apps.getAuthenticated())).status).toBe(401);
    } finally {
      await other.close();
    }
  });
});

describe("installation tokens", () => {
  it("come in both of GitHub's formats on demand, and both work", async () => {
    const mint = (format: string) =>
      town.app.rest.apps.createInstallationAccessToken({
        installation_id: town.installationId,
        headers: { "x-github-stateless-s2s-token": format },
      });
    const short = (await mint("disabled")).data.token;
    const long = (await mint("enabled")).data.token;
    expect(short).toMatch(/^ghs_[A-Za-z0-9]{36}$/);
    expect(long).toMatch(/^ghs_77_[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(long.length).toBeGreaterThan(450);
    for (const auth of [short, long]) {
      const { data } = await clientOf(town.github, { auth }).rest.repos.get(at);
      expect(data.full_name).toBe("acme/site");
    }
  });

  it("come in either format when nobody asks for one", async () => {
    const lengths = new Set<number>();
    for (let tries = 0; tries < 40 && lengths.size < 2; tries += 1) {
      lengths.add((await installationToken(town)).split(".").length);
    }
    expect(lengths).toEqual(new Set([1, 3]));
  });

  it("can be narrowed to permissions, but never widened", async () => {
    const narrowed = await installationToken(town, { contents: "read" });
    const client = clientOf(town.github, { auth: narrowed });
    await client.rest.repos.getContent({ ...at, path: "README.md" });
    expect(await refusalOf(client.rest.issues.listForRepo(at))).toEqual({
      status: 403,
      message: expect.stringContaining("Resource not accessible by integration"),
    });
    const { data } = await client.rest.git.getRef({ ...at, ref: "heads/main" });
    const writing = client.rest.git.createRef({ ...at, ref: "refs/heads/x", sha: data.object.sha });
    expect((await refusalOf(writing)).status).toBe(403);
    expect((await refusalOf(installationToken(town, { workflows: "write" }))).status).toBe(422);
  });

  it("can be narrowed to repositories, and do not reach the others", async () => {
    const other = await town.github.createRepository({
      owner: "acme",
      name: "other",
      private: true,
    });
    const { data } = await town.app.rest.apps.createInstallationAccessToken({
      installation_id: town.installationId,
      repository_ids: [other.id],
    });
    const client = clientOf(town.github, { auth: data.token });
    await client.rest.repos.get({ owner: "acme", repo: "other" });
    expect((await refusalOf(client.rest.repos.get(at))).status).toBe(404);
    const foreign = town.app.rest.apps.createInstallationAccessToken({
      installation_id: town.installationId,
      repository_ids: [1],
    });
    expect((await refusalOf(foreign)).status).toBe(422);
  });

  it("are dead after they were given back", async () => {
    const client = clientOf(town.github, { auth: await installationToken(town) });
    await client.rest.apps.revokeInstallationAccessToken();
    expect((await refusalOf(client.rest.repos.get(at))).status).toBe(401);
  });

  it("may be unknown for a moment after they were minted, when that is asked for", async () => {
    town.github.faults.add({ kind: "token-unknown", request: /^GET \/repos\//, times: 1 });
    const client = clientOf(town.github, { auth: await installationToken(town) });
    expect((await refusalOf(client.rest.repos.get(at))).status).toBe(401);
    expect((await client.rest.repos.get(at)).status).toBe(200);
  });
});

describe("people", () => {
  it("see a private repository only with a role there", async () => {
    const stranger = await town.github.createUser({ login: "stranger" });
    const client = clientOf(town.github, { auth: stranger.token });
    expect((await refusalOf(client.rest.repos.get(at))).status).toBe(404);
    expect((await refusalOf(clientOf(town.github, {}).rest.repos.get(at))).status).toBe(404);
    expect((await town.grace.rest.repos.get(at)).data.permissions).toMatchObject({
      pull: true,
      push: false,
    });
  });

  it("have roles of which the old words know only five", async () => {
    const roleOf = async (username: string) => {
      const { data } = await town.bot.rest.repos.getCollaboratorPermissionLevel({
        ...at,
        username,
      });
      return [data.permission, data.role_name, data.user?.login];
    };
    await town.github.setRole(repo, "grace", "triage");
    expect(await roleOf("grace")).toEqual(["read", "triage", "grace"]);
    await town.github.setRole(repo, "grace", "maintain");
    expect(await roleOf("grace")).toEqual(["write", "maintain", "grace"]);
    await town.github.setRole(repo, "grace", "read");
    expect(await roleOf("ada")).toEqual(["write", "write", "ada"]);
    const nobody = town.bot.rest.repos.getCollaboratorPermissionLevel({
      ...at,
      username: "nobody",
    });
    expect((await refusalOf(nobody)).status).toBe(404);
  });

  it("are refused with 401 when their token is unknown", async () => {
    const client = clientOf(town.github, { auth: "ghp_unknown" });
    expect((await refusalOf(client.rest.repos.get(at))).status).toBe(401);
  });

  it("may not push branches with a role that only reads", async () => {
    const { data } = await town.grace.rest.git.getRef({ ...at, ref: "heads/main" });
    const making = town.grace.rest.git.createRef({
      ...at,
      ref: "refs/heads/g",
      sha: data.object.sha,
    });
    expect((await refusalOf(making)).status).toBe(404);
  });
});

describe("the server", () => {
  it("says which port is taken", async () => {
    const port = Number(new URL(town.github.url).port);
    const starting = startLocalGitHub({
      port,
      dataDir: `${town.dir}/second`,
      app: { id: 1, slug: "x", webhookSecret: secret },
    });
    await expect(starting).rejects.toThrow(`Port ${port} is already in use`);
  });

  it("answers nobody who calls it by another name", async () => {
    const { port } = new URL(town.github.url);
    const statusFor = (host: string) =>
      new Promise<number>((done, fail) => {
        request({ host: "127.0.0.1", port, path: "/", headers: { host } }, (response) => {
          response.resume();
          done(response.statusCode ?? 0);
        })
          .on("error", fail)
          .end();
      });
    expect(await statusFor(`evil.example:${port}`)).toBe(421);
    expect(await statusFor(`127.0.0.1:1`)).toBe(421);
    expect(await statusFor(`localhost:${port}`)).toBe(200);
  });

  it("counts requests and stops at the hour's limit", async () => {
    const small = await openTown({ limits: { requestsPerHour: 3 } });
    try {
      const first = await small.ada.rest.repos.get(at);
      expect(first.headers["x-ratelimit-remaining"]).toBe("2");
      await small.ada.rest.repos.get(at);
      await small.ada.rest.repos.get(at);
      const { data } = await small.ada.rest.rateLimit.get();
      expect(data.rate).toMatchObject({ limit: 3, remaining: 0 });
      const refusal = await refusalOf(small.ada.rest.repos.get(at));
      expect(refusal.status).toBe(403);
      expect(refusal.message).toContain("API rate limit exceeded");
    } finally {
      await small.close();
    }
  });
});
