// Where the App's webhooks go, and the log of them.

import { type ApiContext, numberIn } from "../call.ts";
import type { GitHubCore } from "../core.ts";
import { notFound } from "../errors.ts";
import type { Delivery } from "../state.ts";
import { redeliver } from "../webhooks/deliver.ts";
import type { Api } from "./router.ts";

const keptMs = 3 * 24 * 3_600_000;

type AsApp = (
  handler: (context: ApiContext) => Response | Promise<Response>,
) => (context: ApiContext) => Response | Promise<Response>;

/** GitHub forgets deliveries after three days. */
export function hookRoutes(api: Api, core: GitHubCore, asApp: AsApp): void {
  const kept = (): Delivery[] =>
    core.state.deliveries.filter(({ at }) => Date.parse(at) > Date.now() - keptMs);
  const find = (context: ApiContext): Delivery => {
    const id = numberIn(context, "delivery_id");
    const found = kept().find((delivery) => delivery.id === id);
    if (found === undefined) throw notFound();
    return found;
  };
  api.get(
    "/app/hook/config",
    asApp((context) =>
      context.json({
        url: core.app.webhookUrl ?? "",
        content_type: "json",
        insecure_ssl: "0",
        ...(core.app.webhookSecret === "" ? {} : { secret: "********" }),
      }),
    ),
  );
  api.get(
    "/app/hook/deliveries",
    asApp((context) => context.json(newestFirst(context, kept()).map(itemJson))),
  );
  api.get(
    "/app/hook/deliveries/:delivery_id",
    asApp((context) => context.json(deliveryJson(core, find(context)))),
  );
  api.post(
    "/app/hook/deliveries/:delivery_id/attempts",
    asApp((context) => {
      core.background.run(redeliver(core, find(context)).then(() => {}));
      return context.json({}, 202);
    }),
  );
}

/** Paged by a cursor, as only this list is: the id of the first delivery of the next page. */
function newestFirst(context: ApiContext, deliveries: readonly Delivery[]): Delivery[] {
  const status = context.req.query("status");
  const wanted = deliveries
    .filter(({ status: is }) => status === undefined || (is === "OK") === (status === "success"))
    .toSorted((a, b) => b.id - a.id);
  const perPage = Math.min(Number(context.req.query("per_page")) || 30, 100);
  const cursor = context.req.query("cursor");
  const from = cursor === undefined ? wanted : wanted.filter(({ id }) => id <= Number(cursor));
  const next = from[perPage];
  if (next !== undefined) {
    const url = new URL(context.req.url);
    url.searchParams.set("cursor", String(next.id));
    context.header("link", `<${url.href}>; rel="next"`);
  }
  return from.slice(0, perPage);
}

function itemJson(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.at,
    redelivery: delivery.redelivery,
    duration: delivery.durationMs / 1_000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

function deliveryJson({ app }: GitHubCore, delivery: Delivery) {
  const { request, response } = delivery;
  return {
    ...itemJson(delivery),
    url: app.webhookUrl ?? "",
    request: { headers: request.headers, payload: JSON.parse(request.body) },
    response: { headers: response?.headers ?? null, payload: response?.body ?? null },
  };
}
