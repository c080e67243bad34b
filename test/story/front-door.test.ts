// Webhooks at the door, over real HTTP: what is unsigned, too large or misplaced never reaches anything that parses.

import { createHmac } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";

import { Probot } from "probot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { connect } from "../../src/app.ts";
import { limits } from "../../src/config/limits.ts";
import { createInFlight, type InFlight } from "../../src/deliveries/in-flight.ts";
import { createIntake, type Intake } from "../../src/deliveries/intake.ts";
import { createFrontDoor } from "../../src/front-door.ts";
import { createManualClock, type ManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryInbox } from "../../src/outside/memory/inbox.ts";
import { createMemoryLog, type MemoryLog } from "../../src/outside/memory/log.ts";
import { type CommentEvent, type Inbox, InboxFull } from "../../src/world/inbox.ts";

const secret = "0123456789abcdef0123456789abcdef";
const path = "/api/github/webhooks";

let server: Server;
let url: string;
let log: MemoryLog;
let heard: CommentEvent[];
/** HTTP status of each delivery that was answered. */
let answers: number[];
/** What keeps the process from being ready. */
let unready: string | null;
let busy: boolean;
/** Whether the operator lets the bot serve the repository. */
let isServed: boolean;
let inFlight: InFlight;
let intake: Intake;
let inbox: Inbox;
let clock: ManualClock;
/** What becomes of a comment once the work on it ends. */
let outcome: "settled" | "unanswered";
/** Work of the bot ends when the test says so. */
let finish: PromiseWithResolvers<void>;

beforeEach(async () => {
  log = createMemoryLog();
  heard = [];
  answers = [];
  busy = false;
  unready = null;
  isServed = true;
  finish = Promise.withResolvers();
  inbox = createMemoryInbox({ lettersMax: 2 });
  clock = createManualClock();
  inFlight = createInFlight(clock);
  outcome = "settled";
  const probot = await new Probot({ githubToken: "none", secret, logLevel: "fatal" }).ready();
  intake = openIntake(inFlight);
  connect(probot, {
    intake,
    heard: { note: () => {} },
    serves: () => isServed,
    log,
  });
  server = createFrontDoor({
    webhookPath: path,
    verify: (body, signature) => probot.webhooks.verify(body, signature),
    receive: await probot.getNodeMiddleware({ path }),
    pages: null,
    unready: async () => unready,
    now: Date.now,
    answered: (status) => void answers.push(status),
    busy: () => busy,
    log,
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  url = `http://127.0.0.1:${address.port}`;
});

/** A bot that hears; with the same inbox, the bot that is started after another one died. */
function openIntake(work: InFlight) {
  return createIntake({
    inbox,
    inFlight: work,
    async answer(event) {
      if (!("comment" in event)) throw new Error("Nobody said anything.");
      heard.push(event);
      await finish.promise;
      return outcome;
    },
    clock,
    log,
  });
}

afterEach(async () => {
  finish.resolve();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const saying = (comment: object) =>
  JSON.stringify({ ...created, comment: { ...created.comment, ...comment } });

const created = {
  action: "created",
  installation: { id: 5 },
  repository: { id: 6, name: "site", owner: { login: "acme" }, full_name: "acme/site" },
  issue: { number: 7, title: "A bug" },
  comment: {
    id: 8,
    body: "/workflow fix it",
    user: { id: 9, login: "ada", type: "User" },
    performed_via_github_app: null,
    author_association: "OWNER",
  },
  sender: { id: 9, login: "ada", type: "User" },
};

interface Delivery {
  body?: string;
  signedWith?: string | null;
  to?: string;
  event?: string;
}

function deliver({
  body,
  signedWith = secret,
  to = path,
  event,
}: Delivery = {}): Promise<Response> {
  const text = body ?? JSON.stringify(created);
  const signature = createHmac("sha256", signedWith ?? "")
    .update(text)
    .digest("hex");
  return fetch(`${url}${to}`, {
    method: "POST",
    body: text,
    headers: {
      "content-type": "application/json",
      "x-github-event": event ?? "issue_comment",
      "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      ...(signedWith === null ? {} : { "x-hub-signature-256": `sha256=${signature}` }),
    },
  });
}

describe("a signed comment", () => {
  it("is answered at once, while the work goes on and is counted", async () => {
    const answer = await deliver();
    expect(answer.status).toBe(200);
    expect(answers).toEqual([200]);
    expect(inFlight.size()).toBe(1);
    const drained = inFlight.drain(1);
    await clock.advance(1);
    expect(await drained).toBe(false);
    finish.resolve();
    expect(await inFlight.drain(5000)).toBe(true);
    expect(heard).toEqual([
      {
        source: "comment",
        key: "8",
        place: null,
        repository: { installationId: 5, repositoryId: 6, owner: "acme", name: "site" },
        thread: 7,
        isPullRequest: false,
        comment: {
          id: 8,
          body: "/workflow fix it",
          authorId: 9,
          authorLogin: "ada",
          authorType: "User",
          viaApp: false,
        },
        sender: { id: 9, login: "ada", type: "User" },
        delivery: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      },
    ]);
  });

  it("delivered again while it is in hand is worked on once", async () => {
    const answers = await Promise.all([deliver(), deliver(), deliver()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    finish.resolve();
    await inFlight.drain(5000);
    expect(heard).toHaveLength(1);
  });

  it("waits for what was said before it in its thread, and for nothing else", async () => {
    await deliver({ body: saying({ id: 8 }) });
    await deliver({ body: saying({ id: 9 }) });
    expect(heard.map(({ comment }) => comment.id)).toEqual([8]);
    finish.resolve();
    await inFlight.drain(5000);
    expect(heard.map(({ comment }) => comment.id)).toEqual([8, 9]);
  });

  it("on a pull request, and through an App, is told apart", async () => {
    const issue = { ...created.issue, pull_request: { url: "x" } };
    const comment = { ...created.comment, performed_via_github_app: { id: 1 } };
    await deliver({ body: JSON.stringify({ ...created, issue, comment }) });
    expect(heard[0]).toMatchObject({ isPullRequest: true, comment: { viaApp: true } });
  });

  it.each([
    ["by a bot", { sender: { ...created.sender, type: "Bot" } }],
    ["by an account that is gone", { comment: { ...created.comment, user: null } }],
    ["that was edited", { action: "edited" }],
    ["that was deleted", { action: "deleted" }],
    ["that says nothing to us", { comment: { ...created.comment, body: "Looks good." } }],
  ])("%s reaches nobody", async (_, change) => {
    const answer = await deliver({ body: JSON.stringify({ ...created, ...change }) });
    expect(answer.status).toBe(200);
    expect(heard).toEqual([]);
    expect(await inbox.letters()).toEqual([]);
  });

  it("system-013: in a repository that the operator does not serve is left, and the log says so", async () => {
    isServed = false;
    expect((await deliver()).status).toBe(200);
    expect(heard).toEqual([]);
    expect(log.lines).toMatchObject([
      { level: "warn", message: expect.stringContaining("FANFOLD_REPOSITORIES") },
    ]);
    expect(JSON.stringify(log.lines)).not.toContain("fix it");
  });

  it("that lacks a field is left, and the log names the field and no text of it", async () => {
    const answer = await deliver({ body: JSON.stringify({ ...created, installation: undefined }) });
    expect(answer.status).toBe(200);
    expect(log.lines).toEqual([
      {
        level: "error",
        fields: {
          delivery: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
          name: "issue_comment.created",
          fields: ["installation"],
        },
        message: "A delivery lacks what is needed and was left.",
      },
    ]);
  });
});

describe("a comment that was acknowledged", () => {
  it("is kept before it is", async () => {
    const writing = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const keep = inbox.keep.bind(inbox);
    inbox.keep = async (letter) => {
      asked.resolve();
      await writing.promise;
      await keep(letter);
    };
    let isAnswered = false;
    const answers = [deliver(), deliver()].map((one) => one.finally(() => (isAnswered = true)));
    await asked.promise;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([isAnswered, heard.length]).toEqual([false, 0]);
    writing.resolve();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await inbox.letters()).toHaveLength(1);
  });

  it("is worked on by the next bot when this one dies, and then forgotten", async () => {
    expect((await deliver()).status).toBe(200);
    // The first bot never finishes.
    const later = createInFlight(clock);
    const second = openIntake(later);
    await clock.during(second.resume());
    expect(heard).toHaveLength(2);
    expect(heard[1]).toEqual(heard[0]);
    finish.resolve();
    await later.drain(5000);
    expect(await inbox.letters()).toEqual([]);
  });

  it("stays while GitHub cannot be reached, until a round in which it can", async () => {
    outcome = "unanswered";
    finish.resolve();
    await deliver();
    await inFlight.drain(5000);
    expect(await inbox.letters()).toHaveLength(1);
    outcome = "settled";
    const round = openIntake(inFlight);
    await clock.during(round.resume());
    await inFlight.drain(5000);
    expect(heard).toHaveLength(2);
    await clock.during(round.resume());
    await inFlight.drain(5000);
    expect(heard).toHaveLength(2);
  });

  it("is tried again after a minute, and after twice as long each time", async () => {
    outcome = "unanswered";
    finish.resolve();
    await deliver();
    await inFlight.drain(5000);
    const triedAfter = async (ms: number): Promise<number> => {
      await clock.advance(ms);
      await clock.during(intake.retry());
      await clock.during(inFlight.drain(5000));
      return heard.length;
    };
    const { answerAgainMs, sweepMs } = limits.web;
    expect(await triedAfter(answerAgainMs - 1)).toBe(1);
    expect(await triedAfter(1)).toBe(2);
    expect(await triedAfter(answerAgainMs)).toBe(2);
    expect(await triedAfter(answerAgainMs)).toBe(3);
    for (let tries = 4; tries <= 7; tries += 1) expect(await triedAfter(sweepMs)).toBe(tries);
    outcome = "settled";
    expect(await triedAfter(sweepMs)).toBe(8);
    expect(await triedAfter(sweepMs)).toBe(8);
    expect(await inbox.letters()).toEqual([]);
  });

  it("is dropped after three days, with a line in the log", async () => {
    await deliver();
    await clock.advance(limits.web.deliveriesKeptMs + 1);
    await clock.during(openIntake(createInFlight(clock)).resume());
    expect(heard).toHaveLength(1);
    expect(await inbox.letters()).toEqual([]);
    expect(log.lines.at(-1)).toMatchObject({ level: "warn", fields: { letter: "6-8" } });
  });
});

describe("a comment that cannot be kept", () => {
  it.each([
    ["the inbox is full", () => new InboxFull("2 comments wait already.")],
    ["the disk refuses", () => new Error("ENOSPC: no space left on device")],
  ])("because %s is refused, so that it can be delivered again", async (_, failure) => {
    const keep = inbox.keep.bind(inbox);
    inbox.keep = () => Promise.reject(failure());
    const answer = await deliver();
    expect(answer.status).toBe(503);
    expect(heard).toEqual([]);
    expect(log.lines).toMatchObject([
      { level: "error", message: expect.stringContaining("asked for again later") },
    ]);
    expect(JSON.stringify(log.lines)).not.toContain("fix it");
    inbox.keep = keep;
    expect((await deliver()).status).toBe(200);
    expect(heard).toHaveLength(1);
  });
});

describe("the door stays shut", () => {
  it.each([
    ["for another secret", { signedWith: "development" }],
    ["without a signature", { signedWith: null }],
    ["for an empty body", { body: "" }],
  ])("%s: 400, one line in the log, no word of the body", async (_, delivery) => {
    const answer = await deliver(delivery);
    expect(answer.status).toBe(400);
    expect(answers).toEqual([400]);
    expect(heard).toEqual([]);
    expect(log.lines).toHaveLength(1);
    expect(JSON.stringify(log.lines)).not.toContain("fix it");
  });

  it("for a body above the limit, announced or not", async () => {
    const big = "x".repeat(limits.web.bodyBytes + 1);
    expect((await deliver({ body: big })).status).toBe(413);
    const chunks = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(big));
        controller.close();
      },
    });
    const unannounced = fetch(`${url}${path}`, { method: "POST", body: chunks, duplex: "half" });
    const status = await unannounced.then(
      (answer) => answer.status,
      () => "cut off",
    );
    expect([413, "cut off"]).toContain(status);
    expect(heard).toEqual([]);
  });

  it.each([`${path}/`, `${path}%2f`, "/", "/api/github", "/ping"])(
    "for a delivery to %s",
    async (to) => {
      expect((await deliver({ to })).status).toBe(404);
      expect(heard).toEqual([]);
    },
  );

  it("while too many deliveries are under way, with the advice to deliver again", async () => {
    busy = true;
    const answer = await deliver();
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ error: expect.stringContaining("Deliver again") });
  });

  it("but says whether it should be sent anything", async () => {
    const asked = () => fetch(`${url}/ready`);
    expect(await (await asked()).text()).toBe("READY");
    unready = "The queue cannot be reached.";
    const answer = await asked();
    expect([answer.status, await answer.text()]).toEqual([503, unready]);
  });

  it("but answers whoever asks whether it is alive", async () => {
    busy = true;
    const answer = await fetch(`${url}/ping`);
    expect([answer.status, await answer.text()]).toEqual([200, "PONG"]);
  });

  it("and a signed delivery that is no JSON is refused by Probot", async () => {
    expect((await deliver({ body: "no json" })).status).toBe(400);
  });
});
