// The set-up's pages from outside: who is let in, what a return from GitHub must carry, and what every refusal says.

import { createHash } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { request } from "node:http";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { freePort } from "../../src/demo/ports.ts";
import { hiddenIn, makeApp, manifestOf, send } from "../local/github/new-app.ts";
import { openSetupTown, type RunningSetup, type SetupTown } from "./town.ts";

let town: SetupTown;
beforeEach(async () => {
  town = await openSetupTown();
  await town.github.createUser({ login: "ada" });
});
afterEach(() => town[Symbol.asyncDispose]());

const wish = { name: "Acme Fanfold", owner: "me", address: "https://bot.acme.com" };

const keyOf = ({ address }: RunningSetup): string => new URL(address).searchParams.get("key") ?? "";

const textOf = async (url: string): Promise<{ status: number; text: string }> => {
  const answer = await fetch(url);
  return { status: answer.status, text: await answer.text() };
};

async function review(setup: RunningSetup, change: object = {}): Promise<string> {
  const answer = await send(setup.origin, { key: keyOf(setup), ...wish, ...change });
  return await answer.text();
}

/** Through both sites up to GitHub's return, which is not followed. */
async function returnFrom(setup: RunningSetup, change: object = {}): Promise<string> {
  const page = await review(setup, change);
  const action = town.actionIn(page);
  const shown = await (await send(action.href, hiddenIn(page), setup.origin)).text();
  const create = new URL("/settings/apps", town.github.url).href;
  const name = JSON.parse(hiddenIn(page)["manifest"] ?? "{}").name;
  const made = await send(create, { ...hiddenIn(shown), as: "ada", name });
  return made.headers.get("location") ?? "";
}

const isWritten = (): Promise<boolean> =>
  stat(town.envFile).then(
    () => true,
    () => false,
  );

describe("who is let in", () => {
  it("needs the key of the address, and learns it from no other page", async () => {
    const setup = await town.start();
    for (const path of ["/", "/?key=", `/?key=${"0".repeat(64)}`]) {
      const { status, text } = await textOf(`${setup.origin}${path}`);
      expect(status).toBe(403);
      expect(text).toContain("needs its key");
    }
    const posted = await send(setup.origin, { ...wish, key: "0".repeat(64) });
    expect(posted.status).toBe(403);
    for (const path of ["/made", "/installed", "/created?code=a&state=b", "/nothing"]) {
      const { status, text } = await textOf(`${setup.origin}${path}`);
      expect(status).toBeGreaterThanOrEqual(403);
      expect(text).not.toContain(keyOf(setup));
    }
  });

  it("answers under no name that another site gave this address", async () => {
    const setup = await town.start();
    const { port } = new URL(setup.origin);
    const status = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const path = new URL(setup.address).pathname + new URL(setup.address).search;
        const asked = request({ host: "127.0.0.1", port, path, headers: { host } });
        asked.on("response", (answer) => resolve(answer.resume().statusCode)).on("error", reject);
        asked.end();
      });
    expect(await status(`localhost:${port}`)).toBe(200);
    for (const host of [`evil.example:${port}`, "127.0.0.1", `127.0.0.1.evil.example:${port}`]) {
      expect(await status(host)).toBe(421);
    }
  });

  it("listens elsewhere only when told, and says so", async () => {
    const setup = await town.start({ host: "0.0.0.0" });
    expect(setup.printed()).toContain("It listens on 0.0.0.0");
    // As people reach a port that a container publishes.
    expect(setup.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await textOf(setup.address)).status).toBe(200);
  });

  it("takes no form of another site, nor one that does not say where it is from", async () => {
    const setup = await town.start();
    const fields = { key: keyOf(setup), ...wish };
    for (const origin of ["https://evil.example", "null", "http://127.0.0.1:1"]) {
      const answer = await send(setup.origin, fields, origin);
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain("came from elsewhere");
    }
    const body = new URLSearchParams(fields);
    expect((await fetch(setup.origin, { method: "POST", body })).status).toBe(403);
  });

  it("is told that nothing may run, load or frame, and where forms lead", async () => {
    const setup = await town.start();
    const { headers, text } = await fetch(setup.address).then(async (answer) => ({
      headers: answer.headers,
      text: await answer.text(),
    }));
    const [, style = ""] = /<style>([^]*?)<\/style>/u.exec(text) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(headers.get("content-security-policy")).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
    expect(headers.get("referrer-policy")).toBe("strict-origin");
    expect(headers.get("cache-control")).toBe("no-store");
    const answer = await send(setup.origin, { key: keyOf(setup), ...wish });
    expect(answer.headers.get("content-security-policy")).toContain(
      `form-action 'self' ${town.github.url};`,
    );
  });
});

describe("the form", () => {
  it("comes back with what was typed, and says by each field what is wrong", async () => {
    const setup = await town.start();
    const typed = { name: `<b>"x"`.padEnd(40, "!"), owner: "organization", organization: "a/b" };
    const answer = await send(setup.origin, { key: keyOf(setup), ...typed, address: "nowhere" });
    expect(answer.status).toBe(422);
    const page = await answer.text();
    expect(page).toContain("Nothing was sent to GitHub");
    expect(page).toContain("&lt;b&gt;&quot;x&quot;!!");
    expect(page).not.toContain("<b>&quot;x");
    for (const field of ["name", "organization", "address"]) {
      expect(page).toMatch(
        new RegExp(`aria-describedby="${field}-hint ${field}-mistake"\\s+aria-invalid="true"`),
      );
    }
  });

  it("can be changed once more after it was looked at", async () => {
    const setup = await town.start();
    const again = await review(setup, { again: "1", visibility: "public" });
    expect(again).toContain(`value="https://bot.acme.com"`);
    expect(again).toMatch(/value="public"\s+checked/);
  });

  it("gives GitHub what app.yml asks for, with the person's name and addresses", async () => {
    const setup = await town.start({}, { WEBHOOK_PATH: "/hooks" });
    const name = `Ada's "Bot" & <i>`;
    const manifest = JSON.parse(hiddenIn(await review(setup, { name }))["manifest"] ?? "");
    expect(manifest).toMatchObject({
      name,
      url: "https://bot.acme.com",
      public: false,
      hook_attributes: { url: "https://bot.acme.com/hooks", active: true },
      redirect_url: `${setup.origin}/created`,
      setup_url: `${setup.origin}/installed`,
      default_permissions: { contents: "write", metadata: "read" },
    });
    const open = JSON.parse(
      hiddenIn(await review(setup, { visibility: "public" }))["manifest"] ?? "",
    );
    expect(open).toMatchObject({ public: true });
    // Strangers who install it would be led to a machine of their own.
    expect(open).not.toHaveProperty("setup_url");
  });
});

describe("the return from GitHub", () => {
  it("is worth nothing without our word, or with one that was used", async () => {
    const setup = await town.start();
    const { code } = await makeApp(town.github.url, manifestOf("Somebody else's"));
    for (const state of ["", "0".repeat(64)]) {
      const { status, text } = await textOf(`${setup.origin}/created?code=${code}&state=${state}`);
      expect(status).toBe(403);
      expect(text).toContain("This return is not ours");
    }
    expect(await isWritten()).toBe(false);
    const state = town.actionIn(await review(setup)).searchParams.get("state");
    const first = await textOf(`${setup.origin}/created?code=unknown&state=${state}`);
    expect(first.status).toBe(422);
    const second = await textOf(`${setup.origin}/created?code=${code}&state=${state}`);
    expect(second.status).toBe(403);
    expect(await isWritten()).toBe(false);
  });

  it("with a code that was used says what may be left at GitHub, and leads to the beginning", async () => {
    const setup = await town.start();
    const back = await returnFrom(setup);
    const code = new URL(back).searchParams.get("code") ?? "";
    town.github.state.manifestCodes.delete(code);
    const { status, text } = await textOf(back);
    expect(status).toBe(422);
    expect(text).toContain("does not know this code any more");
    expect(text).toContain(`${town.github.url}/settings/apps`);
    const begin = await textOf(new URL(town.linkIn(text, "Begin again"), setup.origin).href);
    expect(begin.text).toContain("Name of the App");
    expect(await isWritten()).toBe(false);
  });

  it("while GitHub is away can be tried again, and is then as if nothing had been", async () => {
    const dead = `http://127.0.0.1:${await freePort()}`;
    const setup = await town.start({}, { GITHUB_API_URL: dead });
    const { status, text } = await textOf(await returnFrom(setup));
    expect(status).toBe(502);
    expect(text).toContain("answer did not come");
    expect(text).toContain("no answer (connect ECONNREFUSED");
    const again = new URL(town.linkIn(text, "Try again"), setup.origin);
    expect((await textOf(again.href)).status).toBe(502);
    expect((await textOf(again.href)).status).toBe(403);
    expect(await isWritten()).toBe(false);
    setup.interrupt();
    expect(await setup.ended).toBe(1);
    expect(setup.printed()).toContain("Nothing was written");
  });

  it("leaves a file that was there alone, says so, and goes on beside it", async () => {
    await writeFile(town.envFile, "APP_ID=1\n");
    const setup = await town.start();
    expect(setup.printed()).toContain("is there already and stays as it is");
    const { text } = await textOf(await returnFrom(setup));
    expect(text).toMatch(/\.env<\/code> was there already and was left/);
    expect(await readFile(town.envFile, "utf8")).toBe("APP_ID=1\n");
    expect(await readFile(`${town.envFile}.fanfold`, "utf8")).toContain("PRIVATE_KEY=-----BEGIN");
    expect((await textOf(setup.address)).text).toContain("Acme Fanfold is yours");
    setup.interrupt();
    expect(await setup.ended).toBe(1);
    expect(setup.printed()).toContain("/apps/acme-fanfold/installations/new");
  });

  it("takes GitHub's word for who installed it, not the address's", async () => {
    const setup = await town.start();
    await textOf(await returnFrom(setup, { name: "Ünïque & Cö" }));
    const claimed = await textOf(
      `${setup.origin}/installed?installation_id=1&setup_action=install`,
    );
    expect(claimed.text).toContain("GitHub knows of no installation yet");
    const wished = await textOf(`${setup.origin}/installed?setup_action=request`);
    expect(wished.text).toContain("sent to the owners");
    const { slug } = town.github.app;
    await send(`${town.github.url}/apps/${slug}/installations/new`, { on: "ada" });
    const { text } = await textOf(`${setup.origin}/installed`);
    expect(text).toContain("Ünïque &amp; Cö is installed");
    expect(await setup.ended).toBe(0);
  });
});

describe("a set-up that cannot begin", () => {
  it.each([
    [{ envFile: "/no/such/folder/.env" }, {}, "There is no folder /no/such/folder"],
    [{}, { GITHUB_API_URL: "https://api.github.com" }, "belong together"],
    [{}, { GITHUB_WEB_URL: "github" }, "GITHUB_WEB_URL must be"],
  ])("says so: %j %j", async (options, variables, why) => {
    expect(await town.refuses(options, variables)).toContain(why);
  });

  it("names the port that is taken", async () => {
    const port = Number(new URL(town.github.url).port);
    expect(await town.refuses({ port })).toMatch(/another program uses it.*--port/);
  });

  it("warns of variables that would win over the file", async () => {
    const setup = await town.start({}, { APP_ID: "1" });
    expect(setup.printed()).toContain("APP_ID: set in this shell");
  });
});
