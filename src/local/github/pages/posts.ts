// What the forms do: comment, open an issue, send a webhook again; and who may ask for it.

import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";

import { bodyCharacters, titleCharacters } from "./forms.ts";
import { checkLink, issueLink, pullLink, repositoryLink } from "./links.ts";
import type { PageSource, RepositoryView } from "./view.ts";

const CommentPost = z.object({
  as: z.string().min(1, "Choose who comments."),
  body: z
    .string()
    .trim()
    .min(1, "Write something first.")
    .max(bodyCharacters, "This text is too long."),
});
const IssuePost = z.object({
  as: z.string().min(1, "Choose who opens the issue."),
  title: z
    .string()
    .trim()
    .min(1, "Give the issue a title.")
    .max(titleCharacters, "This title is too long."),
  body: z.string().max(bodyCharacters, "This text is too long."),
});

const PressPost = z.object({
  as: z.string().min(1, "Choose who clicks."),
  identifier: z.string().max(20, "There is no such button."),
});

/** Encoded, a body of the longest length may be nine times as many bytes. */
const formBytes = 700_000;

export function mountPosts(app: Hono, source: PageSource): void {
  const limit = bodyLimit({
    maxSize: formBytes,
    onError: (c) => c.text("This text is too long. Nothing was posted.", 413),
  });
  app.post("/:owner/:repo/issues/:number{[0-9]+}/comments", limit, (c, next) =>
    inRepository({ c, source, next }, (repository) => postComment(c, source, repository)),
  );
  app.post("/:owner/:repo/issues", limit, (c, next) =>
    inRepository({ c, source, next }, (repository) => postIssue(c, source, repository)),
  );
  app.post("/:owner/:repo/runs/:id{[0-9]+}", limit, (c, next) =>
    inRepository({ c, source, next }, (repository) => postPress(c, source, repository)),
  );
  app.post("/_/deliveries/:id{[0-9]+}/redeliver", async (c) => {
    if (!isFromHere(c)) return refuseForeign(c);
    const id = Number(c.req.param("id"));
    if (!source.deliveries().some((delivery) => delivery.id === id)) return c.notFound();
    await source.redeliver(id);
    return c.redirect("/_/deliveries", 303);
  });
}

async function postPress(
  c: Context,
  source: PageSource,
  repository: RepositoryView,
): Promise<Response> {
  const check = source.check(repository, Number(c.req.param("id")));
  if (check === null) return c.notFound();
  const posted = PressPost.safeParse(await c.req.parseBody());
  if (!posted.success) return refuse(c, posted.error);
  const { as, identifier } = posted.data;
  if (!isPerson(source, repository, as)) return refuseStranger(c, as);
  const isThere = check.buttons.some((button) => button.identifier === identifier);
  if (identifier !== "" && !isThere) {
    return c.text("This check run does not show that button any more. Nothing was clicked.", 409);
  }
  await source.press(repository, check.id, { as, identifier: identifier || null });
  return c.redirect(checkLink(repository, check.id), 303);
}

interface Posted {
  c: Context;
  source: PageSource;
  next: () => Promise<void>;
}

async function inRepository(
  { c, source, next }: Posted,
  act: (repository: RepositoryView) => Promise<Response>,
): Promise<Response | void> {
  const owner = c.req.param("owner");
  const name = c.req.param("repo");
  const repository = source.repositories().find((one) => one.owner === owner && one.name === name);
  if (repository === undefined) return next();
  return isFromHere(c) ? act(repository) : refuseForeign(c);
}

async function postComment(
  c: Context,
  source: PageSource,
  repository: RepositoryView,
): Promise<Response> {
  const number = Number(c.req.param("number"));
  const isPull = source.pulls(repository).some((pull) => pull.number === number);
  if (!isPull && !source.issues(repository).some((issue) => issue.number === number))
    return c.text(`There is no #${number} here. Nothing was posted.`, 404);
  const posted = CommentPost.safeParse(await c.req.parseBody());
  if (!posted.success) return refuse(c, posted.error);
  if (!isPerson(source, repository, posted.data.as)) return refuseStranger(c, posted.data.as);
  await source.comment(repository, number, posted.data);
  const page = isPull ? pullLink(repository, number) : issueLink(repository, number);
  return c.redirect(page, 303);
}

async function postIssue(
  c: Context,
  source: PageSource,
  repository: RepositoryView,
): Promise<Response> {
  const posted = IssuePost.safeParse(await c.req.parseBody());
  if (!posted.success) return refuse(c, posted.error);
  if (!isPerson(source, repository, posted.data.as)) return refuseStranger(c, posted.data.as);
  const number = await source.createIssue(repository, posted.data);
  return c.redirect(`${repositoryLink(repository)}/issues/${number}`, 303);
}

const isPerson = (source: PageSource, repository: RepositoryView, login: string): boolean =>
  source.people(repository).some((person) => person.login === login);

function refuse(c: Context, error: z.ZodError): Response {
  const reasons = error.issues.map(({ message }) => message).join(" ");
  return c.text(`${reasons} Nothing was posted; go back and try again.`, 422);
}

const refuseStranger = (c: Context, login: string): Response =>
  c.text(`There is no user ${login} here. Nothing was posted; go back and choose another.`, 422);

/** Another site's page in the same browser can send forms here, too: a browser always says where they come from. */
export function isFromHere(c: Context): boolean {
  const { origin, host } = new URL(c.req.url);
  const from = c.req.header("origin");
  return from !== undefined && from === origin && c.req.header("host") === host;
}

export const refuseForeign = (c: Context): Response =>
  c.text("This form was not sent from a page of this local GitHub, so nothing was done.", 403);
