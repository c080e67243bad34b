// What a browser sends to make an App of a manifest, and to install it.

/** A manifest of the least that a bot needs. */
export const manifestOf = (name: string, more: object = {}): object => ({
  name,
  url: "https://bot.example.com",
  hook_attributes: { url: "https://bot.example.com/hooks", active: true },
  redirect_url: "http://127.0.0.1:9/created",
  default_permissions: { issues: "write" },
  default_events: ["issues", "issue_comment"],
  ...more,
});

/** The values of a page's hidden fields, by name. */
export function hiddenIn(page: string): Record<string, string> {
  const fields = page.matchAll(/<input\s+type="hidden"\s+name="(\w+)"\s+value="([^"]*)"/gu);
  return Object.fromEntries(
    [...fields].map(([, name = "", value = ""]) => [name, unescaped(value)]),
  );
}

const unescaped = (text: string): string =>
  text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

/** A form as a browser sends it from the page of `origin`; redirects are not followed. */
export const send = (
  url: string,
  fields: Record<string, string>,
  origin = new URL(url).origin,
): Promise<Response> =>
  fetch(url, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { origin },
    redirect: "manual",
  });

export interface Made {
  /** Of the page that was shown first. */
  shown: string;
  /** Where the browser was sent in the end. */
  back: URL;
  code: string;
}

/** Through both pages: what somebody's manifest asks for, and the click that makes it. */
export async function makeApp(
  github: string,
  manifest: object,
  { as = "ada", org }: { as?: string; org?: string } = {},
): Promise<Made> {
  const path = `${org === undefined ? "" : `/organizations/${org}`}/settings/apps`;
  const sent = { manifest: JSON.stringify(manifest) };
  const page = await send(`${github}${path}/new?state=s1`, sent, "http://127.0.0.1:9");
  const shown = await page.text();
  const [, name = ""] = /name="name"[^>]*value="([^"]*)"/u.exec(shown) ?? [];
  const answer = await send(`${github}${path}`, {
    ...hiddenIn(shown),
    as: org ?? as,
    name: unescaped(name),
  });
  const location = answer.headers.get("location");
  if (location === null)
    throw new Error(`No App was made (${answer.status}): ${await answer.text()}`);
  const back = new URL(location);
  return { shown, back, code: back.searchParams.get("code") ?? "" };
}
