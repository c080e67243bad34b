// Judgements about where deliveries go, and whether they arrive. Pure.

import type { Attempt } from "../world/deliveries.ts";
import type { Webhook } from "../world/registration.ts";
import { failure, type Finding, ok, warning } from "./finding.ts";

interface Expected {
  webhookPath: string;
  githubApiUrl: string;
}

const WHERE = `on the App's settings page, under "Webhook"`;

export function judgeWebhook(webhook: Webhook, expected: Expected): Finding[] {
  const { url: text, contentType, hasSecret, isVerified } = webhook;
  const url = text === null ? null : URL.parse(text);
  if (url === null) {
    const fix = `Tick "Active" and set the "Webhook URL" ${WHERE}: the bot's public address with ${expected.webhookPath} behind it.`;
    return [failure("webhook", "GitHub has no address to deliver to.", fix)];
  }
  const troubles = [
    ...addressTroubles(url, expected),
    ...(contentType === "json"
      ? []
      : [
          failure(
            "webhook",
            `Deliveries come as ${contentType ?? "form"}, and are read as JSON.`,
            `Choose "application/json" as "Content type" ${WHERE}.`,
          ),
        ]),
    ...(hasSecret
      ? []
      : [
          failure(
            "webhook",
            "GitHub has no secret to sign deliveries with, so each of them is refused.",
            `Set "Secret" ${WHERE} to what WEBHOOK_SECRET says.`,
          ),
        ]),
    ...(isVerified
      ? []
      : [
          warning(
            "webhook",
            "GitHub does not look at the certificate of the address.",
            `Choose "Enable SSL verification" ${WHERE}.`,
          ),
        ]),
  ];
  return troubles.length > 0 ? troubles : [ok("webhook", `Deliveries go to ${shown(url)}.`)];
}

/** An address may hold a password or a token; people need neither to know it again. */
const shown = ({ origin, pathname }: URL): string => `${origin}${pathname}`;

function addressTroubles(url: URL, { webhookPath, githubApiUrl }: Expected): Finding[] {
  const { protocol, hostname, pathname } = url;
  const setIt = (what: string): string => `Set the "Webhook URL" ${WHERE} to ${what}.`;
  if (/(?:^|\.)example\.(?:com|org|net)$/u.test(hostname)) {
    const found = `Deliveries go to ${shown(url)}, the example of app.yml: nobody is there.`;
    return [failure("webhook", found, setIt(`the bot's public address with ${webhookPath}`))];
  }
  const isHere = isLoopback(hostname) && isLoopback(URL.parse(githubApiUrl)?.hostname ?? "");
  const troubles: Finding[] = [];
  if (protocol !== "https:" && !isHere) {
    const found = `Deliveries go to ${shown(url)} in the clear: on the way everybody reads them.`;
    troubles.push(failure("webhook", found, setIt("an address that begins with https")));
  }
  if (pathname !== webhookPath) {
    const found = `Deliveries go to ${shown(url)}, and the bot listens at ${webhookPath}.`;
    const fix = `${setIt(`an address that ends with ${webhookPath}`)} Where something in front of the bot changes the path, all is well.`;
    troubles.push(warning("webhook", found, fix));
  }
  return troubles;
}

const isLoopback = (host: string): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u.test(host);

/** Attempts of the last days, the newest first: a delivery that came at last did come. */
export function judgeDeliveries(attempts: readonly Attempt[], days: number): Finding {
  const all = new Map(attempts.map((attempt) => [attempt.guid, attempt]));
  const arrived = new Set(
    attempts.filter(({ isDelivered }) => isDelivered).map(({ guid }) => guid),
  );
  const lost = [...all.values()].filter(({ guid }) => !arrived.has(guid));
  const count = `of ${all.size} ${all.size === 1 ? "delivery" : "deliveries"} in ${days} days`;
  if (lost.length === 0) return ok("deliveries", `None ${count} is missing.`);
  const reasons = countsOf(lost.map(({ said = "no answer" }) => said));
  const found = `${lost.length} ${count} did not arrive: ${reasons}.`;
  const fix = `The bot asks for them again when it starts and every ten minutes. If it runs, ${adviceFor(lost)}.`;
  return arrived.size === 0 && all.size >= 3
    ? failure("deliveries", found, fix)
    : warning("deliveries", found, fix);
}

function countsOf(reasons: readonly string[]): string {
  const counts = Map.groupBy(reasons, (reason) => reason);
  return [...counts].map(([reason, { length }]) => `${length} × ${reason.slice(0, 80)}`).join(", ");
}

function adviceFor(lost: readonly Attempt[]): string {
  const said = lost.map(({ said: words = "" }) => words).join(" ");
  if (/\b40[013]\b/u.test(said)) {
    return `its secret is another one: set "Secret" ${WHERE} and WEBHOOK_SECRET to the same text`;
  }
  if (/\b404\b/u.test(said)) return `the path of the "Webhook URL" is another than WEBHOOK_PATH`;
  if (/\b503\b/u.test(said)) return "its disk is full or too many comments wait: see its log";
  return `GitHub does not reach it: open the "Webhook URL" from outside, its host with /ping`;
}
