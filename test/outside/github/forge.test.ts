import nock from "nock";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { roleOf } from "../../../src/outside/github/repository.ts";
import { api, comment, greet, openFixture, pull } from "./fixture.ts";
import { watchRequests } from "./requests.ts";

let watch: ReturnType<typeof watchRequests>;
beforeEach(() => {
  nock.cleanAll();
  watch = watchRequests();
});
afterEach(() => {
  vi.restoreAllMocks();
  nock.cleanAll();
  watch.expectNoProblems();
});

const repo = "/repos/acme/site";
const sha = (digit: string) => digit.repeat(40);

describe("comments", () => {
  it("finds our comment on the second page, past other people's copies of the marker", async () => {
    greet()
      .get(`${repo}/issues/3/comments?per_page=100`)
      .reply(200, [comment({ id: 1, body: "<!-- m -->", user: { login: "mallory" } })], {
        link: `<${api}${repo}/issues/3/comments?per_page=100&page=2>; rel="next"`,
      })
      .get(`${repo}/issues/3/comments?per_page=100&page=2`)
      .reply(200, [
        comment({ id: 2, body: "other" }),
        comment({ id: 3, body: "x <!-- m -->" }),
        comment({ id: 4, body: "x <!-- m -->" }),
      ]);
    const { forge } = await openFixture();
    expect(await forge.findComment(3, "<!-- m -->")).toMatchObject({ id: 3, ours: true });
  });

  it("knows its own comment by the App that made it, whatever its account is called", async () => {
    greet()
      .get(`${repo}/issues/3/comments?per_page=100`)
      .reply(200, [
        comment({ id: 1, body: "m", user: { login: "a" }, performed_via_github_app: { id: 2 } }),
        comment({ id: 2, body: "m", user: { login: "b" }, performed_via_github_app: { id: 1 } }),
      ]);
    const { forge } = await openFixture();
    expect(await forge.findComment(3, "m")).toMatchObject({ id: 2 });
  });

  it("takes away only its own reaction, and is content when there is none", async () => {
    const list = `${repo}/issues/comments/5/reactions`;
    greet()
      .get(`${list}?content=eyes&per_page=100`)
      .reply(200, [
        { id: 70, content: "eyes", user: { login: "mallory" } },
        { id: 71, content: "eyes", user: { login: "fanfold[bot]" } },
      ])
      .delete(`${list}/71`)
      .reply(204)
      .get(`${list}?content=rocket&per_page=100`)
      .reply(200, []);
    const { forge } = await openFixture();
    await forge.unreact({ kind: "comment", id: 5 }, "eyes");
    await forge.unreact({ kind: "comment", id: 5 }, "rocket");
    expect(nock.pendingMocks().filter((mock) => mock.includes("reactions"))).toEqual([]);
  });
});

describe("issues", () => {
  it("takes one that was transferred for one that is not there, and follows a repository to its new name", async () => {
    const issue = { html_url: "https://github.com/x", title: "t", body: "b", state: "open" };
    greet()
      .get(`${repo}/issues/5`)
      .reply(301, "", { location: `${api}/repositories/99/issues/77` })
      .get("/repositories/99/issues/77")
      .reply(200, { ...issue, number: 77 })
      .get(`${repo}/issues/6`)
      .reply(301, "", { location: `${api}/repositories/42/issues/6` })
      .get("/repositories/42/issues/6")
      .reply(200, { ...issue, number: 6 });
    const { forge } = await openFixture();
    await expect(forge.issue(5)).rejects.toMatchObject({ kind: "not-found" });
    expect(await forge.issue(6)).toMatchObject({ number: 6 });
  });
});

describe("people", () => {
  it("counts triage and maintain as what they are, and a custom role as what it extends", () => {
    expect(roleOf({ permission: "read", role_name: "triage" })).toBe("triage");
    expect(roleOf({ permission: "write", role_name: "maintain" })).toBe("maintain");
    expect(roleOf({ permission: "write", role_name: "security-engineer" })).toBe("write");
    expect(roleOf({ permission: "something new", role_name: "constructor" })).toBe("none");
  });

  it("gives no role to somebody GitHub does not know", async () => {
    greet().get(`${repo}/collaborators/ghost/permission`).reply(404, { message: "Not Found" });
    const { forge } = await openFixture();
    expect(await forge.permissionOf("ghost")).toEqual({ role: "none", userId: 0 });
  });

  it("does not turn a failing question into an answer", async () => {
    greet()
      .get(`${repo}/collaborators/ann/permission`)
      .reply(403, { message: "Resource not accessible" });
    const { forge } = await openFixture();
    await expect(forge.permissionOf("ann")).rejects.toMatchObject({ kind: "forbidden" });
  });
});

describe("pull requests", () => {
  const wanted = { head: "fanfold/r/result", base: "main", title: "t", body: "b", draft: true };
  const list = `${repo}/pulls?head=acme%3Afanfold%2Fr%2Fresult&state=all&sort=created&direction=desc&per_page=100`;

  it("falls back to a ready pull request where drafts are not supported, and says so", async () => {
    greet()
      .post(`${repo}/pulls`, (body) => body.draft === true)
      .reply(422, { message: "Draft pull requests are not supported in this repository." })
      .post(`${repo}/pulls`, (body) => body.draft === false)
      .reply(201, pull({ draft: false }));
    const { forge } = await openFixture();
    expect(await forge.createPullRequest(wanted)).toMatchObject({ number: 9, draft: false });
  });

  it("finds the one that exists already instead of failing", async () => {
    greet()
      .post(`${repo}/pulls`)
      .reply(422, {
        message: "Validation Failed",
        errors: [{ message: "A pull request already exists for acme:fanfold/r/result." }],
      })
      .get(list)
      .reply(200, [
        pull({ number: 12, state: "closed" }),
        pull({ number: 11, base: { ref: "other", sha: sha("b") } }),
        pull({ number: 10 }),
      ]);
    const { forge } = await openFixture();
    expect(await forge.createPullRequest(wanted)).toMatchObject({ number: 10 });
  });

  it("does not take a fork's branch of the same name for ours", async () => {
    const head = { ref: wanted.head, sha: sha("a") };
    greet()
      .get(list)
      .reply(200, [
        pull({ number: 12, head: { ...head, repo: { id: 43 } } }),
        pull({ number: 11, head: { ...head, repo: null } }),
        pull({ number: 10, merged_at: "2026-01-01T00:00:00Z", state: "closed" }),
      ]);
    const { forge } = await openFixture();
    const found = await forge.findPullRequest(wanted.head);
    expect(found).toMatchObject({ number: 10, merged: true, head: { sameRepository: true } });
  });
});

describe("checks", () => {
  const check = {
    name: "fanfold / audit",
    headSha: sha("a"),
    externalId: "run-1",
    title: "t",
    summary: "s",
  };
  const list = `${repo}/commits/${sha("a")}/check-runs?check_name=fanfold%20%2F%20audit&filter=all&per_page=100`;

  it("updates the check of the same key and makes another for another key", async () => {
    const runs = [
      { id: 1, html_url: "u", external_id: "run-1", app: { id: 99 } },
      { id: 2, html_url: "u", external_id: "run-1", app: { id: 1 } },
    ];
    greet()
      .get(list)
      .times(2)
      .reply(200, { total_count: 2, check_runs: runs })
      .patch(
        `${repo}/check-runs/2`,
        (body) => body.conclusion === "success" && body.status === "completed",
      )
      .reply(200, runs[1])
      .post(
        `${repo}/check-runs`,
        (body) => body.status === "in_progress" && !("conclusion" in body),
      )
      .reply(201, { id: 3, html_url: "u3" });
    const { forge } = await openFixture();
    expect(await forge.putCheckRun({ ...check, conclusion: "success" })).toEqual({
      id: 2,
      url: "u",
    });
    const other = { ...check, externalId: "run-2", conclusion: null };
    expect(await forge.putCheckRun(other)).toEqual({ id: 3, url: "u3" });
  });

  it("shows the checks that others made on a commit, and whether GitHub signed it", async () => {
    const head = sha("c");
    const check = (id: number, name: string) => ({ id: id + 10, name, app: { id } });
    greet()
      .get(`${repo}/git/commits/${head}`)
      .reply(200, { sha: head, verification: { verified: true } })
      .get(`${repo}/commits/${head}/check-runs?per_page=100`)
      .reply(200, { check_runs: [check(1, "Fanfold"), check(15368, "unit tests")] });
    const { forge } = await openFixture();
    expect(await forge.standingOf(head)).toEqual({ verified: true, checks: ["unit tests"] });
  });

  it("names the rules for a branch, and whose they are", async () => {
    greet()
      .get(`${repo}/rules/branches/fanfold%2Fa%2Fb?per_page=100`)
      .reply(200, [{ type: "creation", ruleset_source: "acme/site" }, { type: "update" }]);
    const { forge } = await openFixture();
    expect(await forge.rulesOn("fanfold/a/b")).toEqual([
      { type: "creation", of: "acme/site" },
      { type: "update", of: "acme" },
    ]);
  });
});

describe("refs", () => {
  const move = { ref: "refs/heads/fanfold/r/result", from: null, to: sha("c"), force: false };
  const getRef = `${repo}/git/ref/heads%2Ffanfold%2Fr%2Fresult`;
  const lost = { errors: [{ message: "Something went wrong while executing your query." }] };
  const withRepository = () =>
    greet().get(repo).reply(200, {
      id: 42,
      node_id: "R_42",
      full_name: "acme/site",
      default_branch: "main",
      fork: false,
      archived: false,
      private: false,
      html_url: "u",
    });
  const at = (oid: string) => ({ ref: move.ref, object: { sha: oid } });

  it("moves by compare-and-swap, zeros for a ref that must not exist", async () => {
    let variables: unknown;
    withRepository()
      .post("/graphql", (body) => {
        variables = body.variables;
        return true;
      })
      .reply(200, { data: { updateRefs: { clientMutationId: null } } });
    const { forge } = await openFixture();
    expect(await forge.moveRefs([move])).toBe(true);
    expect(variables).toEqual({
      repositoryId: "R_42",
      refUpdates: [{ name: move.ref, beforeOid: sha("0"), afterOid: sha("c"), force: false }],
    });
  });

  it("says false when somebody else moved the ref", async () => {
    withRepository()
      .post("/graphql")
      .reply(200, lost)
      .get(getRef)
      .reply(200, at(sha("d")));
    const { forge } = await openFixture();
    expect(await forge.moveRefs([move])).toBe(false);
  });

  it("says true when the move landed and only its answer was lost", async () => {
    withRepository()
      .post("/graphql")
      .reply(502, "bad gateway")
      .get(getRef)
      .reply(200, at(sha("c")));
    const { forge } = await openFixture();
    expect(await forge.moveRefs([move])).toBe(true);
  });

  it("tries once more when nothing moved and GitHub gave no reason, then gives up", async () => {
    withRepository()
      .post("/graphql")
      .times(2)
      .reply(200, lost)
      .get(getRef)
      .times(2)
      .reply(404, { message: "Not Found" });
    const { forge } = await openFixture();
    await expect(forge.moveRefs([move])).rejects.toMatchObject({ kind: "unreachable" });
    expect(nock.pendingMocks().filter((mock) => mock.includes("graphql"))).toEqual([]);
  });

  it("hands on GitHub's reason when a rule forbids the move, without trying again", async () => {
    withRepository()
      .post("/graphql")
      .reply(200, {
        errors: [{ type: "UNPROCESSABLE", message: "Repository rule violations found" }],
      })
      .get(getRef)
      .reply(404, { message: "Not Found" });
    const { forge } = await openFixture();
    await expect(forge.moveRefs([move])).rejects.toThrow("Repository rule violations found");
  });

  it("makes commits without author, committer or signature, so that GitHub signs them", async () => {
    let sent: object = {};
    greet()
      .post(`${repo}/git/commits`, (body) => {
        sent = body;
        return true;
      })
      .reply(201, { sha: sha("e"), verification: { verified: true } });
    const { forge } = await openFixture();
    const commit = { message: "m", tree: sha("f"), parents: [sha("a")] };
    expect(await forge.createCommit(commit)).toEqual({ sha: sha("e"), verified: true });
    expect(sent).toEqual(commit);
  });
});

describe("reviews", () => {
  const thread = (
    id: string,
    fields: { author?: object; body?: string; isResolved?: boolean },
  ) => ({
    id,
    isResolved: fields.isResolved ?? false,
    comments: {
      nodes: [
        {
          body: fields.body ?? "<!-- m -->",
          author: fields.author ?? { __typename: "Bot", login: "fanfold" },
        },
      ],
    },
  });
  const page = (nodes: object[], endCursor: string | null) => ({
    data: {
      repository: {
        pullRequest: {
          reviewThreads: { nodes, pageInfo: { hasNextPage: endCursor !== null, endCursor } },
        },
      },
    },
  });

  it("resolves our open threads with the marker on every page, and nobody else's", async () => {
    const resolved: string[] = [];
    greet()
      .post("/graphql", (body) => body.variables.number === 9 && body.variables.after === null)
      .reply(200, page([thread("T1", {}), thread("T2", { isResolved: true })], "next"))
      .post("/graphql", (body) => body.variables.after === "next")
      .reply(
        200,
        page(
          [
            thread("T3", { author: { __typename: "User", login: "fanfold" } }),
            thread("T4", { body: "another marker" }),
            thread("T5", {}),
          ],
          null,
        ),
      )
      .post("/graphql", (body) => {
        if (typeof body.variables.threadId !== "string") return false;
        resolved.push(body.variables.threadId);
        return true;
      })
      .times(2)
      .reply(200, { data: { resolveReviewThread: { thread: { id: "T", isResolved: true } } } });
    const { forge } = await openFixture();
    expect(await forge.resolveThreads(9, "<!-- m -->")).toBe(2);
    expect(new Set(resolved)).toEqual(new Set(["T1", "T5"]));
  });

  it("submits one COMMENT review for the commit its lines were computed for", async () => {
    let sent: object = {};
    greet()
      .post(`${repo}/pulls/9/reviews`, (body) => {
        sent = body;
        return true;
      })
      .reply(200, { id: 3, html_url: "u", body: "b", user: { login: "fanfold[bot]" } });
    const { forge } = await openFixture();
    const comments = [{ path: "a.js", line: 4, side: "RIGHT" as const, body: "no" }];
    const review = { commit: sha("a"), body: "b", comments };
    expect(await forge.createReview(9, review)).toEqual({ id: 3, url: "u", body: "b" });
    expect(sent).toEqual({ commit_id: sha("a"), event: "COMMENT", body: "b", comments });
    expect(watch.count()).toBeGreaterThan(0);
  });
});

it("gives addresses of pages, with odd branch names made safe", async () => {
  const { forge } = await openFixture();
  expect(forge.pageOf({ branch: "fanfold/r 1/ä#" })).toBe(
    "https://web.example.test/acme/site/tree/fanfold/r%201/%C3%A4%23",
  );
  expect(forge.pageOf({ commit: sha("a") })).toContain(`/acme/site/commit/${sha("a")}`);
});
