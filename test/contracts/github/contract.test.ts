// The contract itself: each way of leaving it is noticed, and what GitHub does say passes.

import { describe, expect, it } from "vitest";

import { type Exchange, openContract } from "./contract.ts";
import { startRecorder } from "./recorder.ts";

const contract = openContract();

const user = {
  login: "ada",
  id: 7,
  node_id: "U_7",
  avatar_url: "http://127.0.0.1/a",
  gravatar_id: "",
  url: "u",
  html_url: "h",
  followers_url: "f",
  following_url: "f",
  gists_url: "g",
  starred_url: "s",
  subscriptions_url: "s",
  organizations_url: "o",
  repos_url: "r",
  events_url: "e",
  received_events_url: "e",
  type: "User",
  site_admin: false,
};

const comment = {
  id: 1,
  node_id: "IC_1",
  url: "u",
  html_url: "h",
  issue_url: "i",
  body: "Hello",
  user,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  author_association: "OWNER",
  performed_via_github_app: null,
};

function exchange(request: Partial<Exchange["request"]>, response: Exchange["response"]): Exchange {
  const path = "/repos/o/r/issues/1/comments";
  return {
    request: { method: "POST", path, query: {}, body: { body: "Hello" }, headers: {}, ...request },
    response,
  };
}

const created = { status: 201, body: comment };
const problemsOf = (...parts: Parameters<typeof exchange>) =>
  contract.checkExchange(exchange(...parts));

describe("an exchange", () => {
  it("passes when both sides say what GitHub's description says", () => {
    expect(problemsOf({}, created)).toEqual([]);
  });

  it("may be refused with an error that no description lists", () => {
    const refused = { message: "Bad credentials", documentation_url: "d", status: "401" };
    expect(problemsOf({}, { status: 401, body: refused })).toEqual([]);
  });

  it("is reported for a made-up path", () => {
    const [problem] = problemsOf({ path: "/repos/o/r/workflows-of-fanfold" }, created);
    expect(problem).toContain("no such operation");
  });

  it("is reported for a method GitHub does not know at that path", () => {
    expect(problemsOf({ method: "PUT" }, created)[0]).toContain("no such operation");
  });

  it("is reported for a field GitHub's request does not have, deep inside as well", () => {
    const shallow = problemsOf({ body: { body: "Hello", silent: true } }, created);
    expect(shallow.join()).toContain('"silent"');
    const deep = problemsOf(
      {
        path: "/repos/o/r/pulls/1/reviews",
        body: { event: "COMMENT", body: "b", comments: [{ path: "a", body: "b", lines: 3 }] },
      },
      { status: 422, body: { message: "m", documentation_url: "d" } },
    );
    expect(deep.join()).toContain('"lines"');
  });

  it("is reported for a field of the wrong type and for one that is missing", () => {
    expect(problemsOf({ body: { body: 5 } }, created).join()).toContain("must be string");
    expect(problemsOf({ body: {} }, created).join()).toContain("'body'");
    expect(problemsOf({ body: undefined }, created).join()).toContain("'body'");
  });

  it("is reported for a query parameter that is unknown or of the wrong type", () => {
    const ask = { method: "GET", body: undefined };
    const list = { status: 200, body: [comment] };
    expect(problemsOf({ ...ask, query: { per_page: "100", page: "2" } }, list)).toEqual([]);
    expect(problemsOf({ ...ask, query: { limit: "100" } }, list).join()).toContain("limit");
    expect(problemsOf({ ...ask, query: { per_page: "many" } }, list).join()).toContain("integer");
  });

  it("is reported for an answer without a field GitHub promises", () => {
    const { html_url: _gone, ...rest } = comment;
    expect(problemsOf({}, { status: 201, body: rest }).join()).toContain("'html_url'");
  });

  it("is reported for an answer with a field GitHub never gives, inside what it refers to as well", () => {
    const invented = { ...comment, user: { ...user, shoe_size: 44 } };
    expect(problemsOf({}, { status: 201, body: invented }).join()).toContain('"shoe_size"');
  });

  it("is reported for a status GitHub does not give there", () => {
    expect(problemsOf({}, { status: 200, body: comment })[0]).toContain("status 200");
  });

  it("is reported when an answer that must be empty is not", () => {
    const remove = { method: "DELETE", path: "/repos/o/r/issues/comments/1", body: undefined };
    expect(problemsOf(remove, { status: 204, body: null })).toEqual([]);
    expect(problemsOf(remove, { status: 204, body: comment })[0]).toContain("must be empty");
  });

  it("finds the operation behind branch names with slashes and repositories by number", () => {
    const ask = { method: "GET", body: undefined };
    const reference = {
      ref: "refs/heads/a/b",
      node_id: "n",
      url: "u",
      object: { type: "commit", sha: "a".repeat(40), url: "u" },
    };
    const answer = { status: 200, body: reference };
    expect(problemsOf({ ...ask, path: "/repos/o/r/git/ref/heads/a/b" }, answer)).toEqual([]);
    expect(problemsOf({ ...ask, path: "/repositories/12/git/ref/heads/a/b" }, answer)).toEqual([]);
    const checks = { status: 200, body: { total_count: 0, check_runs: [] } };
    expect(problemsOf({ ...ask, path: "/repos/o/r/commits/a/b/check-runs" }, checks)).toEqual([]);
  });

  it("may be a diff where the request asks for one", () => {
    const ask = { method: "GET", body: undefined, path: "/repos/o/r/pulls/1" };
    const diff = { status: 200, body: "diff --git a/a b/a" };
    const headers = { accept: "application/vnd.github.diff" };
    expect(problemsOf({ ...ask, headers }, diff)).toEqual([]);
    expect(problemsOf(ask, diff).join()).toContain("must be object");
  });
});

describe("a webhook", () => {
  it("is reported when GitHub has no such event or action", () => {
    expect(contract.checkWebhook("issue_comment", { action: "sung" })[0]).toContain("no such");
    expect(contract.checkWebhook("moon_phase", {})[0]).toContain("no such event");
  });

  it("is reported when its payload lacks what GitHub sends", () => {
    const found = contract.checkWebhook("issue_comment", { action: "created", comment });
    expect(found.join()).toContain("'issue'");
  });
});

describe("a GraphQL document", () => {
  const resolve = `mutation ($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { id isResolved } } }`;
  const move = `mutation ($repository: ID!, $updates: [RefUpdate!]!) {
    updateRefs(input: { repositoryId: $repository, refUpdates: $updates }) { clientMutationId }
  }`;

  it("passes with values of the right types", () => {
    expect(contract.checkGraphql(resolve, { id: "T_1" })).toEqual([]);
    const update = { name: "refs/heads/a", beforeOid: "0".repeat(40), afterOid: "a", force: true };
    expect(contract.checkGraphql(move, { repository: "R_1", updates: [update] })).toEqual([]);
  });

  it("is reported for a field, a variable or an input that GitHub does not know", () => {
    const made = 'query { repository(owner: "o", name: "r") { workflows } }';
    expect(contract.checkGraphql(made, {})[0]).toContain("workflows");
    expect(contract.checkGraphql(resolve, {}).join()).toContain("$id");
    expect(contract.checkGraphql(resolve, { id: "T_1", extra: 1 }).join()).toContain("$extra");
    const update = { name: "refs/heads/a", afterOid: "a", lease: true };
    const found = contract.checkGraphql(move, { repository: "R_1", updates: [update] });
    expect(found.join()).toContain("lease");
    expect(contract.checkGraphql("query {", {})[0]).toContain("Syntax Error");
  });

  it("is found in what a client posts", () => {
    const post = { path: "/graphql", body: { query: resolve, variables: { id: 5.5 } } };
    expect(problemsOf(post, { status: 200, body: { data: {} } }).join()).toContain("$id");
  });
});

describe("the recorder", () => {
  it("throws with every violation it saw, and when it was attached to nothing", () => {
    const recorder = startRecorder();
    expect(() => recorder.expectNoViolations()).toThrow("no exchange");
    recorder.onExchange(exchange({}, created));
    recorder.expectNoViolations();
    recorder.onExchange(exchange({ path: "/made/up" }, created));
    recorder.webhook("moon_phase", {});
    expect(() => recorder.expectNoViolations()).toThrow(/made\/up[^]*moon-phase/);
    expect(recorder.seen()).toHaveLength(2);
  });
});
