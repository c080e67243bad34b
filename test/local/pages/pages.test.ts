// The web pages, asked for over HTTP as a browser does.

import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { mountPages } from "../../../src/local/github/pages/routes.ts";
import { comment, issue, openVillage, pull, type Village } from "./village.ts";

const attack = `<script>alert("x")</script>`;
const oddPath = `src/it's "odd" & übel <b>.js`;

const oddBranch = `fanfold/r1/escape-"names"&<i>`;

let village: Village;
let app: Hono;
let base = "";
let head = "";

async function get(path: string): Promise<{ status: number; text: string; headers: Headers }> {
  const answer = await app.request(`http://127.0.0.1:4000${path}`);
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

async function page(path: string): Promise<string> {
  const { status, text } = await get(path);
  expect({ path, status }).toEqual({ path, status: 200 });
  return text;
}

beforeAll(async () => {
  village = await openVillage();
  base = await village.commit("main", {
    message: "Start the shop",
    files: {
      "README.md": `# Wares\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n${attack}\n`,
      "src/greet.js": Array.from({ length: 12 }, (_, index) => `line(${index + 1});\n`).join(""),
      [oddPath]: `const text = "${attack}";\n`,
      "logo.bin": Buffer.from([0, 1, 2, 0, 255]),
    },
  });
  head = await village.commit(oddBranch, {
    from: "main",
    message: `Escape names ${attack}\n\nbody of it\n\n[skip ci]`,
    files: {
      "src/greet.js": Array.from({ length: 12 }, (_, index) =>
        index === 5 ? "safe(6);\n" : `line(${index + 1});\n`,
      ).join(""),
      [oddPath]: "const text = 'safe';\n",
      "logo.bin": Buffer.from([0, 9, 9, 0]),
    },
  });
  village.verified.add(head);
  village.issueList.push(
    issue(1, {
      title: `Title ${attack}`,
      body: `Body ${attack} <details><summary>Plan</summary>**bold**</details><!-- marker -->`,
      author: `eve${attack}`,
      comments: [
        comment("grace", "/workflow audit\n\nSee #2, not `#3`, a#4 or [#5](x).", {
          reactions: { eyes: 1, "+1": 2 },
        }),
        comment("fanfold[bot]", "Old plan", { minimized: true }),
      ],
    }),
    issue(5, { title: "Empty", body: "", state: "closed" }),
  );
  const review = {
    author: "fanfold[bot]",
    body: "Verdict: **rejected**",
    submittedAt: "2026-03-01T11:00:00Z",
  };
  village.pullList.push(
    pull(2, {
      title: "Escape names",
      state: "draft",
      head: { ref: oddBranch, sha: head },
      base: { ref: "main", sha: base },
      reviews: [
        { ...review, id: 7, state: "COMMENTED" },
        { ...review, id: 6, state: "COMMENTED", author: "answerer", body: "" },
        { ...review, id: 8, state: "PENDING", submittedAt: null, body: "half-written" },
      ],
      threads: [
        thread(71, 7, { comments: [comment("fanfold[bot]", `This *still* lets ${attack} pass.`)] }),
        thread(72, 7, {
          resolvedBy: "fanfold[bot]",
          line: 6,
          side: "LEFT",
          comments: [comment("ada", "gone now")],
        }),
        thread(73, 7, { line: null, comments: [comment("ada", "about older lines")] }),
        thread(74, 8, { comments: [comment("ada", "secret thought")] }),
      ],
    }),
    pull(3, {
      state: "merged",
      endedAt: "2026-03-02T00:00:00Z",
      head: { ref: "gone", sha: head },
      base: { ref: "main", sha: base },
    }),
  );
  village.checkList.push({
    id: 77,
    headSha: head,
    notes: [{ path: "src/greet.js", line: 6, level: "failure", title: "T", message: "<b>m</b>" }],
    buttons: [{ label: "Approve", description: "Run it", identifier: "approve:7f3a91c2" }],
    name: "Fanfold",
    status: "completed",
    conclusion: "action_required",
    title: "Waiting for approval",
    summary: "Two agents",
    detailsUrl: "javascript:alert(1)",
    log: "<script>alert(2)</script>",
  });
  village.deliveryList.push({
    id: 9,
    guid: "0b9c",
    event: "issue_comment",
    action: "created",
    at: "2026-03-01T10:00:00Z",
    durationMs: 12.4,
    statusCode: null,
    status: "timed out",
    redelivery: false,
  });
  app = new Hono();
  mountPages(app, village);
});

afterAll(() => village[Symbol.asyncDispose]());

type Thread = Village["pullList"][number]["threads"][number];

function thread(id: number, reviewId: number, more: Partial<Thread>): Thread {
  return {
    id,
    reviewId,
    path: "src/greet.js",
    line: 6,
    side: "RIGHT",
    diffHunk: "@@ -3,7 +3,7 @@\n line(5);\n-line(6);\n+safe(6);",
    resolvedBy: null,
    comments: [],
    ...more,
  };
}

const encode = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

describe("what others wrote", () => {
  const everywhere = () => [
    "/",
    "/octo-org/wares",
    "/octo-org/wares/branches",
    "/octo-org/wares/commits/main",
    `/octo-org/wares/commit/${head}`,
    "/octo-org/wares/tree/main/src",
    `/octo-org/wares/blob/main/${encode(oddPath)}`,
    "/octo-org/wares/issues",
    "/octo-org/wares/issues/1",
    "/octo-org/wares/pulls",
    "/octo-org/wares/pull/2",
    "/octo-org/wares/pull/2/files",
    "/octo-org/wares/pull/2/commits",
    "/octo-org/wares/deliveries",
    "/_/deliveries",
  ];

  it("never becomes a script or an element on any page", async () => {
    for (const path of everywhere()) {
      const text = await page(path);
      const found = {
        attack: text.includes(attack),
        scripts: text.match(/<script/g)?.length,
        elements: /<b>\.js|<i>/.test(text),
        address: text.includes('href="javascript:'),
      };
      expect({ path, ...found }).toEqual({
        path,
        attack: false,
        scripts: 1,
        elements: false,
        address: false,
      });
    }
  });

  it("cannot load or run anything, even if a tag slipped through", async () => {
    const { headers } = await get("/octo-org/wares/issues/1");
    const policy = headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
  });

  it("leads from a number to the issue or pull request, but not from code or a word", async () => {
    const text = await page("/octo-org/wares/issues/1");
    expect(text).toContain('<a href="/octo-org/wares/issues/2">#2</a>');
    expect(text).not.toMatch(/issues\/[345]"/);
    const { status, headers } = await get("/octo-org/wares/issues/2");
    expect([status, headers.get("location")]).toEqual([302, "/octo-org/wares/pull/2"]);
  });

  it("is rendered as GitHub renders it: details stay, hidden markers go, tables are tables", async () => {
    const text = await page("/octo-org/wares/issues/1");
    expect(text).toContain("<summary>Plan</summary>");
    expect(text).toContain("<strong>bold</strong>");
    expect(text).not.toContain("marker");
    expect(await page("/octo-org/wares")).toMatch(/<th[^>]*>a<\/th>/);
  });
});

describe("a repository's pages", () => {
  it("lead to a file whose name has spaces, quotes, marks and other letters", async () => {
    const folder = await page("/octo-org/wares/tree/main/src");
    const links = [...folder.matchAll(/href="([^"]*\/blob\/[^"]*odd[^"]*)"/g)].map(
      (found) => found[1],
    );
    expect(links).toHaveLength(1);
    const file = await page((links[0] ?? "").replaceAll("&amp;", "&").replaceAll("&#39;", "'"));
    expect(file).toContain("const text = &quot;&lt;script&gt;");
  });

  it("find the branch in an address although its name has slashes and spaces", async () => {
    const text = await page(`/octo-org/wares/blob/${encode(oddBranch)}/src/greet.js`);
    expect(text).toContain("safe(6);");
    expect(await page("/octo-org/wares/blob/main/src/greet.js")).not.toContain("safe(6);");
  });

  it("show how far each branch is from the default one, its pull request and its badges", async () => {
    const text = await page("/octo-org/wares/branches");
    expect(text).toMatch(/0 behind[^]*1 ahead/);
    expect(text).toContain('href="/octo-org/wares/pull/2"');
    expect(text).toContain("Verified");
  });

  it("show a binary file as one, and a commit's whole message", async () => {
    expect(await page("/octo-org/wares/blob/main/logo.bin")).toContain("Binary file, 5 B");
    const commit = await page(`/octo-org/wares/commit/${head.slice(0, 10)}`);
    expect(commit).toContain("body of it");
    expect(commit).toContain("skip ci");
    expect(commit).toContain("Binary file not shown");
  });

  it("say so when there is nothing at an address", async () => {
    for (const path of [
      "/octo-org/nothing",
      "/octo-org/wares/blob/main/none.js",
      "/octo-org/wares/tree/main/src/greet.js",
      "/octo-org/wares/commit/0000000",
      "/octo-org/wares/commit/--output=x",
      "/octo-org/wares/issues/99",
      "/octo-org/wares/pull/1",
      "/octo-org/wares/blob/%E0%A4%A",
    ]) {
      expect({ path, status: (await get(path)).status }).toEqual({ path, status: 404 });
    }
  });

  it("are there before anything was pushed", async () => {
    await using empty = await openVillage("empty");
    const alone = new Hono();
    mountPages(alone, empty);
    const code = await alone.request("http://127.0.0.1:4000/octo-org/empty");
    expect(await code.text()).toContain("This repository is empty");
    const branches = await alone.request("http://127.0.0.1:4000/octo-org/empty/branches");
    expect(await branches.text()).toContain("No branch was pushed yet");
  });
});

describe("a pull request", () => {
  it("shows its reviews with their threads, and keeps an unfinished review to itself", async () => {
    const text = await page("/octo-org/wares/pull/2");
    expect(text).toContain("<strong>rejected</strong>");
    expect(text).toContain("<em>still</em>");
    expect(text).toContain("Outdated");
    expect(text).not.toContain("half-written");
    expect(text).not.toContain("secret thought");
    expect(text).not.toContain("answerer");
    expect(text).toContain("Waiting for approval");
    expect(text).toContain("Draft");
  });

  it("hangs each thread under its line of the diff, resolved ones folded", async () => {
    const text = await page("/octo-org/wares/pull/2/files");
    // From the diff's own rows on: a thread without a line shows the lines it was about above them.
    const diff = text.slice(text.indexOf('class="hunk"', text.indexOf("about older lines")));
    const places = ["line(6);", "gone now", "safe(6);", "<em>still</em>", "line(7);"].map((part) =>
      diff.indexOf(part),
    );
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(text).toMatch(/<details\s+class="thread resolved"(?! open)/);
    expect(text).not.toContain("secret thought");
  });

  it("lists only its own commits, with their badges", async () => {
    const text = await page("/octo-org/wares/pull/2/commits");
    expect(text).toContain("Escape names");
    expect(text).not.toContain("Start the shop");
    expect(text).toContain("Verified");
    expect(text).toContain("skip ci");
  });

  it("says when it was merged", async () => {
    expect(await page("/octo-org/wares/pull/3")).toMatch(/Merged into/);
  });
});

describe("a live page", () => {
  it("gives its changing part alone, without the form someone may be typing in", async () => {
    const whole = await page("/octo-org/wares/issues/1");
    const part = await page("/octo-org/wares/issues/1?fragment");
    expect(whole).toContain("data-live");
    expect(whole).toContain("<textarea");
    expect(part).toContain("/workflow audit");
    expect(part).not.toMatch(/<textarea|<html/);
  });

  it("knows from the start whether what it shows is still right", async () => {
    const whole = await page("/octo-org/wares/issues/5");
    const version = /data-live="([^"]*)"/.exec(whole)?.[1]?.replaceAll("&quot;", '"');
    const before = await get("/octo-org/wares/issues/5?fragment");
    expect(before.headers.get("etag")).toBe(version);
    const at = village.issueList.findIndex(({ number }) => number === 5);
    village.issueList[at] = issue(5, { title: "Empty", body: "Edited", state: "closed" });
    const after = await get("/octo-org/wares/issues/5?fragment");
    expect(after.headers.get("etag")).not.toBe(version);
  });
});

describe("the forms", () => {
  const origin = "http://127.0.0.1:4000";

  function post(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = { origin },
  ) {
    return app.request(`${origin}${path}`, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { host: "127.0.0.1:4000", ...headers },
    });
  }

  it("comment as the chosen person and lead back to the thread", async () => {
    const answer = await post("/octo-org/wares/issues/1/comments", {
      as: "grace",
      body: "/workflow fix",
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe("/octo-org/wares/issues/1");
    expect(village.done.at(-1)).toEqual({
      repository: "wares",
      number: 1,
      as: "grace",
      body: "/workflow fix",
    });
    const onPull = await post("/octo-org/wares/issues/2/comments", { as: "ada", body: "hm" });
    expect(onPull.headers.get("location")).toBe("/octo-org/wares/pull/2");
  });

  it("open an issue and send a webhook again", async () => {
    const answer = await post("/octo-org/wares/issues", { as: "ada", title: "New", body: "" });
    expect(answer.headers.get("location")).toBe("/octo-org/wares/issues/41");
    expect((await post("/_/deliveries/9/redeliver", {})).status).toBe(303);
    expect(village.done.slice(-2)).toEqual([
      { repository: "wares", as: "ada", title: "New", body: "" },
      { deliveryId: 9 },
    ]);
  });

  it("do nothing for another site, and nothing without saying where they come from", async () => {
    const before = village.done.length;
    const path = "/octo-org/wares/issues/1/comments";
    for (const headers of [{ origin: "http://evil.example" }, { origin: "null" }, {}]) {
      const answer = await post(path, { as: "ada", body: "/workflow run" }, { ...headers });
      expect(answer.status).toBe(403);
    }
    expect((await post("/_/deliveries/9/redeliver", {}, {})).status).toBe(403);
    expect((await post("/octo-org/wares/issues", { as: "ada", title: "x" }, {})).status).toBe(403);
    expect(village.done).toHaveLength(before);
  });

  it("refuse empty and overlong texts, strangers and threads that are not there, in a sentence", async () => {
    const before = village.done.length;
    const path = "/octo-org/wares/issues/1/comments";
    const empty = await post(path, { as: "ada", body: "  " });
    expect([empty.status, await empty.text()]).toEqual([
      422,
      expect.stringContaining("Write something"),
    ]);
    expect((await post(path, { as: "ada", body: "x".repeat(65_537) })).status).toBe(422);
    expect((await post(path, { as: "ada", body: "x".repeat(800_000) })).status).toBe(413);
    const stranger = await post(path, { as: "nobody", body: "x" });
    expect(await stranger.text()).toContain("There is no user nobody");
    expect(
      (await post("/octo-org/wares/issues/99/comments", { as: "ada", body: "x" })).status,
    ).toBe(404);
    expect((await post("/octo-org/wares/issues", { as: "ada", title: " ", body: "" })).status).toBe(
      422,
    );
    expect(village.done).toHaveLength(before);
  });
});
