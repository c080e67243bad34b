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
    ...comments.map((comment) => ({ at: comment.createdAt, box: issueComment(comment) })),
    ...reviews.map((review) => {
      const own = threads.filter(({ reviewId }) => reviewId === review.id);
      return { at: review.submittedAt, box: reviewBox(review, own) };
    }),
  ].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  return html`${commentBox({ ...pull, did: "opened", id: `pull-${pull.number}` }, pull.body)}
  ${items.map(({ box }) => box)} ${ending(pull, repository)}`;
}

type Submitted = ReviewView & { submittedAt: string };

const isSubmitted = (review: ReviewView): review is Submitted => review.submittedAt !== null;

/** The threads of a review that is still being written belong to its author alone. */
export const isVisible = ({ reviews }: PullView, { reviewId }: ThreadView): boolean =>
  reviews.some((review) => review.id === reviewId && isSubmitted(review));

function reviewBox(review: Submitted, threads: readonly ThreadView[]): Html {
  const [sign, tone, text] = said[review.state];
  const id = `pullrequestreview-${review.id}`;
  const head = html`<p class="event" id="${review.body.trim() === "" ? id : `event-${review.id}`}">
    <span class="mark ${tone}">${icon(sign)}</span> ${person(review.author)} ${text}
    <a class="sub" href="#${id}">${time(review.submittedAt)}</a>
  </p>`;
  const body =
    review.body.trim() === ""
      ? nothing
      : commentBox(
          { author: review.author, createdAt: review.submittedAt, did: "left a comment", id },
          review.body,
        );
  return html`<section class="review">
    ${head} ${body}
    ${threads.length === 0 ? nothing : html`<div class="indent">${threads.map(threadCard)}</div>`}
  </section>`;
}

const threadCard = (thread: ThreadView): Html =>
  html`<div class="box thread-card">
    <div class="box-head">${threadPlace(thread)}</div>
    ${threadBox(thread, { hunk: true })}
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
