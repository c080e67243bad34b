// GitHub's lists as they were a moment ago: what was made since is not in them yet.

import type { GitHubState } from "../../src/outside/memory/state.ts";

export interface Past {
  /** Told after everything that may have made something. */
  note(): void;
  /** Hides what was made within the last `ms` milliseconds from `work`. */
  during<T>(asked: { name: string; ms: number }, work: () => Promise<T>): Promise<T>;
}

export function openPast(state: GitHubState, now: () => number): Past {
  const born = new Map<object, number>();
  const lists = () => [state.comments, state.reviews, state.pulls, state.checks, state.issues];
  const note = (): void => {
    for (const made of lists().flat()) if (!born.has(made)) born.set(made, now());
  };
  return {
    note,
    during: async ({ name, ms }, work) => {
      note();
      const since = now() - ms;
      const isOld = (made: object): boolean => (born.get(made) ?? 0) <= since;
      const whole = { ...state };
      // Nobody else gets a turn meanwhile: what looks at a GitHub in memory waits for nothing.
      Object.assign(state, {
        comments: state.comments.filter(isOld),
        reviews: state.reviews.filter(isOld),
        checks: state.checks.filter(isOld),
        // A pull request is in no list yet, but it can be asked for by its number.
        pulls: name === "findPullRequest" ? state.pulls.filter(isOld) : state.pulls,
      });
      try {
        return await work();
      } finally {
        const { comments, reviews, checks, pulls } = whole;
        Object.assign(state, { comments, reviews, checks, pulls });
      }
    },
  };
}
