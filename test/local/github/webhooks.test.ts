// Webhooks: signed, logged, sent again, and only those the App wants.

import { createHmac } from "node:crypto";

import { afterEach, beforeEach, expect, it } from "vitest";

import { at, openPull, openTown, repo, secret, type Town } from "./town.ts";

let town: Town;
let issue: number;

beforeEach(async () => {
  town = await openTown();
  ({ number: issue } = await town.github.createIssue(repo, { as: "ada", title: "Talk", body: "" }));
  await town.github.settled();
});
afterEach(() => town.close());

const comment = async (body = "/workflow audit") => {
  const said = await town.github.comment(repo, issue, { as: "ada", body });
  await town.github.settled();
  return said;
};

const deliveries = async () => (await town.app.rest.apps.listWebhookDeliveries()).data;

it("tells of a comment as if the person had typed it, signed over the raw body", async () => {
  const said = await comment("/workflow grüße 🎉");
  const arrived = town.arrived.at(-1);
  expect(arrived?.event).toBe("issue_comment");
  const digest = createHmac("sha256", secret)
    .update(arrived?.body ?? "")
    .digest("hex");
  expect(arrived?.signature).toBe(`sha256=${digest}`);
  expect(arrived?.payload).toMatchObject({
    action: "created",
    comment: { id: said.id, body: "/workflow grüße 🎉", user: { login: "ada" } },
    issue: { number: issue },
    sender: { login: "ada", type: "User" },
    installation: { id: town.installationId },
    repository: { full_name: "acme/site" },
  });
});

it("marks a comment on a pull request, and one the App made itself", async () => {
  const { number } = await openPull(town);
  await town.bot.rest.issues.createComment({ ...at, issue_number: number, body: "Working on it." });
  await town.github.settled();
  expect(town.arrived.findLast(({ event }) => event === "issue_comment")?.payload).toMatchObject({
    issue: { number, pull_request: { html_url: expect.stringContaining(`/pull/${number}`) } },
    comment: { performed_via_github_app: { id: 77, slug: "fanfold" } },
    sender: { login: "fanfold[bot]", type: "Bot" },
  });
});

it("tells what an edit replaced", async () => {
  const { id } = await comment("before");
  await town.ada.rest.issues.updateComment({ ...at, comment_id: id, body: "after" });
  await town.github.settled();
  expect(town.arrived.at(-1)?.payload).toMatchObject({
    action: "edited",
    changes: { body: { from: "before" } },
    comment: { body: "after" },
  });
});

it("sends nothing the App did not subscribe to", async () => {
  const { data } = await town.bot.rest.git.getRef({ ...at, ref: "heads/main" });
  await town.bot.rest.git.createRef({ ...at, ref: "refs/heads/quiet", sha: data.object.sha });
  await town.github.settled();
  const seen = new Set(town.arrived.map(({ event }) => event));
  expect([...seen].sort()).toEqual(["installation", "issues"]);
});

it("keeps a log of what was answered, and repeats a failed delivery under the same GUID", async () => {
  town.answerWith(500);
  await comment();
  const [failed] = await deliveries();
  expect(failed).toMatchObject({ event: "issue_comment", status_code: 500, redelivery: false });
  expect(failed?.status).not.toBe("OK");
  town.answerWith(202);
  const again = await town.app.rest.apps.redeliverWebhookDelivery({ delivery_id: failed?.id ?? 0 });
  expect(again.status).toBe(202);
  await town.github.settled();
  const [first, second] = town.arrived.slice(-2);
  expect(second).toEqual(first);
  const [repeated] = await deliveries();
  expect(repeated).toMatchObject({ guid: failed?.guid, redelivery: true, status: "OK" });
  const { data } = await town.app.rest.apps.getWebhookDelivery({ delivery_id: repeated?.id ?? 0 });
  expect(data.request.payload).toMatchObject({ action: "created" });
});

it("logs a receiver that is not there", async () => {
  const lonely = await openTown({ app: { webhookUrl: "http://127.0.0.1:9/hooks" } });
  try {
    const [first] = (await lonely.app.rest.apps.listWebhookDeliveries()).data;
    expect(first).toMatchObject({ status: "failed to connect to host", status_code: 0 });
  } finally {
    await lonely.close();
  }
});

it("loses or doubles a delivery when that is asked for", async () => {
  const before = town.arrived.length;
  town.github.faults.add({ kind: "delivery-dropped", event: "issue_comment", times: 1 });
  await comment();
  expect(town.arrived).toHaveLength(before);
  town.github.faults.add({ kind: "delivery-doubled", event: "issue_comment", times: 1 });
  await comment();
  const [one, other] = town.arrived.slice(before);
  expect(other?.guid).toBe(one?.guid);
  expect(town.arrived).toHaveLength(before + 2);
});

it("pages its log by cursor, newest first", async () => {
  for (let count = 0; count < 3; count += 1) await comment(`comment ${count}`);
  const first = await town.app.rest.apps.listWebhookDeliveries({ per_page: 2 });
  const cursor = /cursor=(\d+)/.exec(first.headers.link ?? "")?.[1] ?? "";
  const second = await town.app.rest.apps.listWebhookDeliveries({ per_page: 2, cursor });
  const ids = [...first.data, ...second.data].map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a));
  expect(ids).toHaveLength(4);
});

it("does the work of a request whose answer is lost", async () => {
  town.github.faults.add({ kind: "answer-lost", request: /^POST .*\/comments$/, times: 1 });
  const lost = town.bot.rest.issues.createComment({ ...at, issue_number: issue, body: "once" });
  await expect(lost).rejects.toMatchObject({ status: 502 });
  const { data } = await town.bot.rest.issues.listComments({ ...at, issue_number: issue });
  expect(data.map(({ body }) => body)).toEqual(["once"]);
});

it("limits before the work is done, and says for how long only when told to", async () => {
  const limit = (status: 403 | 429, retryAfterSeconds: number | null) =>
    town.github.faults.add({
      kind: "secondary-limit",
      request: /^POST .*\/comments$/,
      times: 1,
      status,
      retryAfterSeconds,
    });
  const say = () => town.bot.rest.issues.createComment({ ...at, issue_number: issue, body: "x" });
  limit(429, 30);
  await expect(say()).rejects.toMatchObject({
    status: 429,
    response: { headers: { "retry-after": "30" } },
  });
  limit(403, null);
  await expect(say()).rejects.toThrow("secondary rate limit");
  const { data } = await town.bot.rest.issues.listComments({ ...at, issue_number: issue });
  expect(data).toEqual([]);
});

it("takes the same reaction only once", async () => {
  const { id } = await comment();
  const react = () =>
    town.bot.rest.reactions.createForIssueComment({ ...at, comment_id: id, content: "eyes" });
  expect([(await react()).status, (await react()).status]).toEqual([201, 200]);
  const { data } = await town.bot.rest.reactions.listForIssueComment({ ...at, comment_id: id });
  expect(data).toHaveLength(1);
  const reaction = { ...at, comment_id: id, reaction_id: data[0]?.id ?? 0 };
  await town.bot.rest.reactions.deleteForIssueComment(reaction);
  const after = await town.bot.rest.reactions.listForIssueComment({ ...at, comment_id: id });
  expect(after.data).toEqual([]);
});
