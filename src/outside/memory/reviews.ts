// Reviews of the GitHub in memory, with the real rule: one line outside the diff refuses the whole review.

import type { Forge } from "../../world/forge.ts";
import type { LineComment, NewReview, Review } from "../../world/pulls.ts";
import { pullOf } from "./pulls.ts";
import {
  checkBody,
  type GitHubState,
  type KeptReview,
  nextId,
  notFound,
  page,
  refused,
} from "./state.ts";

type ReviewsPart = Pick<Forge, "findReview" | "createReview" | "resolveThreads">;

export function reviewsPart(state: GitHubState): ReviewsPart {
  const of = (pull: number) => state.reviews.filter((review) => review.pull === pull);
  return {
    async findReview(pull, marker) {
      await pullOf(state, pull);
      const found = of(pull).find(({ body }) => body.includes(marker));
      return found === undefined ? null : toReview(state, found);
    },
    createReview: async (pull, review) => toReview(state, await createReview(state, pull, review)),
    async resolveThreads(pull, marker) {
      if (state.pulls.every(({ number }) => number !== pull)) {
        throw notFound(`pull request #${pull}`);
      }
      const threads = of(pull).flatMap((review) => review.threads);
      const open = threads.filter(({ body, resolved }) => !resolved && body.includes(marker));
      for (const thread of open) thread.resolved = true;
      return open.length;
    },
  };
}

async function createReview(
  state: GitHubState,
  number: number,
  { commit, body, comments }: NewReview,
): Promise<KeptReview> {
  const pull = await pullOf(state, number);
  if (body === "" && comments.length === 0) throw refused("a review needs a body or a comment");
  for (const text of [body, ...comments.map((comment) => comment.body)]) checkBody(text);
  if (!(await state.home.isAncestor(commit, pull.headSha))) {
    throw refused(`commit ${commit} is not part of the pull request`);
  }
  const places = new Set((await state.home.places(pull.baseSha, commit)).map(placeOf));
  const outside = comments.some((comment) => !places.has(placeOf(comment)));
  if (outside) throw refused("pull_request_review_thread.line must be part of the diff");
  const threads = comments.map((comment) => ({ ...comment, resolved: false, hidden: false }));
  const review = { id: nextId(state), pull: number, commit, body, threads, hidden: false };
  state.reviews.push(review);
  return review;
}

const placeOf = ({ path, line, side }: Omit<LineComment, "body">): string =>
  JSON.stringify([path, side, line]);

function toReview(state: GitHubState, { id, pull, body }: KeptReview): Review {
  return { id, url: page(state, `/pull/${pull}#pullrequestreview-${id}`), body };
}
