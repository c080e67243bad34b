// GitHub's log of deliveries in memory, and over Octokit on a GitHub of this machine.

import { systemClock } from "../../src/outside/clock.ts";
import { createMemoryDeliveries } from "../../src/outside/memory/deliveries.ts";
import { deliveriesContract } from "../contracts/deliveries.contract.ts";

deliveriesContract("in memory", async () => {
  const deliveries = createMemoryDeliveries(systemClock);
  return {
    deliveries,
    answer: (isHeard) => void (deliveries.isHeard = isHeard),
    comment: async () => {
      const id = deliveries.log.length + 1;
      const kind = { event: "issue_comment", action: "created" };
      const { isHeard: isDelivered } = deliveries;
      deliveries.log.push({ id, guid: `guid-${id}`, at: Date.now(), isDelivered, ...kind });
    },
    settled: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
});
