// GitHub's log of our webhooks over Octokit, signed as the App.

import { z } from "zod";

import type { Deliveries } from "../../world/deliveries.ts";
import { toForgeError } from "./errors.ts";
import type { GitHubClient } from "./octokit.ts";

/** What we read of one line. `status` is `OK` or a sentence about what went wrong. */
const Line = z.object({
  id: z.int(),
  guid: z.string(),
  delivered_at: z.string(),
  status: z.string(),
  event: z.string(),
  action: z.string().nullish(),
});

export function createDeliveries(app: GitHubClient): Deliveries {
  return {
    async *attempts() {
      const list = app.rest.apps.listWebhookDeliveries;
      try {
        for await (const { data } of app.paginate.iterator(list, { per_page: 100 })) {
          for (const item of data) {
            const { delivered_at: at, status: said, action = null, ...line } = Line.parse(item);
            yield { ...line, action, at: Date.parse(at), isDelivered: said === "OK", said };
          }
        }
      } catch (error) {
        throw toForgeError(error, "list what it delivered", "reads");
      }
    },
    async redeliver({ id }) {
      try {
        await app.rest.apps.redeliverWebhookDelivery({ delivery_id: id });
      } catch (error) {
        throw toForgeError(error, "deliver again", "writes");
      }
    },
  };
}
