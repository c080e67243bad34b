// A pull request's conversation: its text, comments and reviews with their threads, in the order they came.

import { html, type Html, nothing } from "./html.ts";
import { type IconName, icon } from "./icons.ts";
import { pullLink } from "./links.ts";
import { person, time } from "./small.ts";
import { commentBox, issueComment, threadBox, threadPlace } from "./thread.ts";
import type { PullView, RepositoryView, ReviewView, ThreadView } from "./view.ts";

const said: Readonly<Record<ReviewView["state"], [IconName, string, string]>> = {
  APPROVED: ["check", "good", "approved these changes"],
  CHANGES_REQUESTED: ["alert", "bad", "requested changes"],
  COMMENTED: ["eye", "quiet", "reviewed"],
  DISMISSED: ["stop", "quiet", "left a review that was dismissed"],
  PENDING: ["dot", "warn", "started a review"],
};

export function conversation(pull: PullView, repository: RepositoryView): Html {
  const { comments } = pull;
  const reviews = pull.reviews.filter(isSubmitted);
  const threads = pull.threads.filter((thread) => isVisible(pull, thread));
  const items = [
    ...comments.map((comment) => ({
      at: comment.createdAt,
      box: issueComment(repository, comment),
    })),
    ...reviews.flatMap((review) => {
      const own = threads.filter(({ reviewId }) => reviewId === review.id);
      // An answer in a thread is a review of its own on GitHub; it shows in that thread.
      if (own.length === 0 && review.state === "COMMENTED" && isBlank(review)) return [];
      return [{ at: review.submittedAt, box: reviewBox(repository, review, own) }];
    }),
  ].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  return html`${commentBox(repository, { ...pull, did: "opened", id: `pull-${pull.number}` })}
  ${items.map(({ box }) => box)} ${ending(pull, repository)}`;
}

type Submitted = ReviewView & { submittedAt: string };

const isSubmitted = (review: ReviewView): review is Submitted => review.submittedAt !== null;

/** The threads of a review that is still being written belong to its author alone. */
export const isVisible = ({ reviews }: PullView, { reviewId }: ThreadView): boolean =>
  reviews.some((review) => review.id === reviewId && isSubmitted(review));

const isBlank = ({ body }: ReviewView): boolean => body.trim() === "";

function reviewBox(home: RepositoryView, review: Submitted, threads: readonly ThreadView[]): Html {
  const [sign, tone, did] = said[review.state];
  const id = `pullrequestreview-${review.id}`;
  const head = html`<p class="event" id="${isBlank(review) ? id : `event-${review.id}`}">
    <span class="mark ${tone}">${icon(sign)}</span> ${person(review.author)} ${did}
    <a class="sub" href="#${id}">${time(review.submittedAt)}</a>
  </p>`;
  const { author, body, submittedAt: createdAt } = review;
  const text = isBlank(review)
    ? nothing
    : commentBox(home, { author, body, createdAt, did: "left a comment", id });
  return html`<section class="review">
    ${head} ${text}
    ${threads.length === 0 ? nothing : html`<div class="indent">${threads.map((thread) => threadCard(home, thread))}</div>`}
  </section>`;
}

const threadCard = (home: RepositoryView, thread: ThreadView): Html =>
  html`<div class="box thread-card">
    <div class="box-head">${threadPlace(thread)}</div>
    ${threadBox(home, thread, { hunk: true })}
  </div>`;

function ending(pull: PullView, repository: RepositoryView): Html {
  if (pull.endedAt === null) return nothing;
  const merged = pull.state === "merged";
  return html`<p class="event">
    <span class="mark ${merged ? "done" : "bad"}">${icon(merged ? "merge" : "cross")}</span>
    ${merged ? html`Merged into <span class="branch">${pull.base.ref}</span>` : "Closed"}
    ${time(pull.endedAt)} · <a href="${pullLink(repository, pull.number)}/commits">commits</a>
  </p>`;
}
