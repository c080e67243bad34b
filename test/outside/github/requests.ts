// Holds every request that leaves the client against GitHub's published description, whatever nock answers.

import { vi } from "vitest";

import { type Exchange, openContract } from "../../contracts/github/contract.ts";
import { api } from "./fixture.ts";

const contract = openContract();

/** An answer that GitHub gives to anything, so that only the request is judged. */
const anyAnswer = {
  status: 404,
  body: { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" },
};

/** Watches from now on; `count` is the number of requests so far. */
export function watchRequests(): { expectNoProblems(): void; count(): number } {
  const problems: string[] = [];
  const original = globalThis.fetch;
  let count = 0;
  vi.spyOn(globalThis, "fetch").mockImplementation((input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin === api) {
      count += 1;
      problems.push(...problemsOf(url, init));
    }
    return original(input, init);
  });
  return {
    expectNoProblems() {
      if (problems.length > 0) throw new Error(problems.join("\n"));
    },
    count: () => count,
  };
}

/** What GitHub's description has against this request, answered or not. */
export function requestProblems(request: Exchange["request"]): string[] {
  return contract.checkExchange({ request, response: anyAnswer });
}

function problemsOf(url: URL, init: RequestInit | undefined): string[] {
  const text = typeof init?.body === "string" ? init.body : "";
  return requestProblems({
    method: init?.method ?? "GET",
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    body: text === "" ? undefined : JSON.parse(text),
    headers: {},
  });
}
