// The log of webhooks sent to the App, and the button that sends one again.

import { html, type Html, nothing } from "./html.ts";
import { icon } from "./icons.ts";
import { emptyBox, type Page } from "./layout.ts";
import { time } from "./small.ts";
import type { DeliveryView, PageSource, RepositoryView } from "./view.ts";

const shownDeliveries = 200;

/** One log for the whole App, as on GitHub; inside a repository's pages it keeps that repository's tabs. */
export function deliveriesPage(source: PageSource, repository: RepositoryView | null): Page {
  const deliveries = source.deliveries().slice(-shownDeliveries).toReversed();
  const list =
    deliveries.length === 0
      ? emptyBox("No webhook was sent yet.")
      : html`<ul class="box list">
          ${deliveries.map(row)}
        </ul>`;
  return {
    title: "Webhook deliveries",
    repository,
    tab: "deliveries",
    live: true,
    main: html`<h1>Webhook deliveries</h1>
      ${list}`,
  };
}

function row(delivery: DeliveryView): Html {
  const { id, guid, event, action, statusCode, status, redelivery } = delivery;
  const good = statusCode !== null && statusCode < 400;
  return html`<li>
    <span class="mark ${good ? "good" : "bad"}">${icon(good ? "check" : "alert")}</span>
    <div class="grow">
      <strong>${action === null ? event : `${event}.${action}`}</strong>
      ${redelivery ? html`<span class="pill">redelivery</span>` : nothing}
      <div class="sub"><span class="mono">${guid}</span> · ${time(delivery.at)}</div>
    </div>
    <span class="sub"
      >${statusCode ?? "no answer"} ${status} · ${Math.round(delivery.durationMs)} ms</span
    >
    <form method="post" action="/_/deliveries/${id}/redeliver">
      <button class="small" type="submit">Redeliver</button>
    </form>
  </li>`;
}
