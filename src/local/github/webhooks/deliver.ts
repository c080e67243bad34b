// Sends webhooks: signed, logged, with ten seconds to answer, and sent again on demand under the same GUID.

import { createHmac, randomUUID } from "node:crypto";

import type { GitHubCore } from "../core.ts";
import { type Delivery, type Installation, nextId, type Repository } from "../state.ts";
import { timestamp } from "../look-up.ts";

const answerMs = 10_000;
const largestBytes = 25 * 1024 * 1024;
const keptResponseCharacters = 10_000;
const keptDeliveries = 10_000;

export interface Webhook {
  event: string;
  action: string | null;
  repository: Repository | null;
  installation: Installation;
  payload: object;
}

/** These come to every App, subscribed or not. */
const always = ["installation", "installation_repositories"];

/** Sends one event when the App wants it; the payload is taken as it is now, the sending goes on in the background. */
export function emit(core: GitHubCore, webhook: Webhook): void {
  const { event } = webhook;
  const wanted = always.includes(event) || core.app.events.includes(event);
  if (!wanted || core.app.webhookUrl === null) return;
  const body = JSON.stringify(webhook.payload);
  if (Buffer.byteLength(body) > largestBytes) return;
  if (core.faults.take("delivery-dropped", (fault) => fault.event === event) !== null) return;
  const doubled = core.faults.take("delivery-doubled", (fault) => fault.event === event) !== null;
  const delivery = newDelivery(core, { webhook, body });
  core.background.run(send(core, delivery).then(() => {}));
  if (doubled) core.background.run(redeliver(core, delivery).then(() => {}));
}

/** The same body and GUID again, as another attempt. */
export function redeliver(core: GitHubCore, delivery: Delivery): Promise<Delivery> {
  return send(core, {
    ...delivery,
    id: nextId(core.state),
    redelivery: true,
    statusCode: 0,
    response: null,
  });
}

function newDelivery(
  { app, state }: GitHubCore,
  { webhook, body }: { webhook: Webhook; body: string },
): Delivery {
  const guid = randomUUID();
  const signature = createHmac("sha256", app.webhookSecret).update(body).digest("hex");
  return {
    id: nextId(state),
    guid,
    event: webhook.event,
    action: webhook.action,
    at: timestamp(),
    durationMs: 0,
    statusCode: 0,
    status: "pending",
    redelivery: false,
    installationId: webhook.installation.id,
    repositoryId: webhook.repository?.id ?? null,
    request: {
      headers: {
        accept: "*/*",
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/local",
        "x-github-delivery": guid,
        "x-github-event": webhook.event,
        "x-github-hook-id": String(app.id),
        "x-github-hook-installation-target-id": String(app.id),
        "x-github-hook-installation-target-type": "integration",
        "x-hub-signature-256": `sha256=${signature}`,
      },
      body,
    },
    response: null,
  };
}

async function send(core: GitHubCore, planned: Delivery): Promise<Delivery> {
  const started = Date.now();
  const delivery = { ...planned, at: timestamp() };
  Object.assign(delivery, await attempt(core, delivery), { durationMs: Date.now() - started });
  const { deliveries } = core.state;
  deliveries.push(delivery);
  if (deliveries.length > keptDeliveries) deliveries.splice(0, deliveries.length - keptDeliveries);
  return delivery;
}

type Outcome = Pick<Delivery, "status" | "statusCode" | "response">;

async function attempt(core: GitHubCore, { request }: Delivery): Promise<Outcome> {
  const url = core.app.webhookUrl;
  if (url === null) return { status: "no webhook address", statusCode: 0, response: null };
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: request.headers,
      body: request.body,
      redirect: "manual",
      signal: AbortSignal.any([AbortSignal.timeout(answerMs), core.background.closing]),
    });
    const body = (await response.text()).slice(0, keptResponseCharacters);
    return {
      status: response.ok ? "OK" : `Invalid HTTP Response: ${response.status}`,
      statusCode: response.status,
      response: { headers: Object.fromEntries(response.headers), body },
    };
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    return {
      status: late ? "timed out" : "failed to connect to host",
      statusCode: 0,
      response: null,
    };
  }
}
