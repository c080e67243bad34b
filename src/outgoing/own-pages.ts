// Links to the GitHub that this bot lives on: text that was made harmless may lead there, wherever that is. Pure.

/** What breaks a link without being seen, as it is set into text that somebody else wrote. */
const JOINER = "\u2060";

/** Makes broken links to pages of this host whole again, and nothing else; `https://github.com` is never broken. */
export function ownPages(webUrl: string): (text: string) => string {
  const { protocol, host } = new URL(webUrl);
  if (host === "github.com") return (text) => text;
  // Anything else than a slash behind the host may make another host of it, or a password.
  const address = `${RegExp.escape(protocol)}${JOINER}//${RegExp.escape(host)}/`;
  const broken = new RegExp(`(\\]${JOINER}(?=\\())?(\\(?)(?<![a-z\\d+.-])${address}`, "gi");
  const whole = `${protocol}//${host}/`;
  return (text) =>
    text.replace(broken, (_, target?: string, open = "") => `${target ? "]" : ""}${open}${whole}`);
}
