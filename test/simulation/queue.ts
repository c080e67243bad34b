// The queue of a process in a world: production's own, which is lost with its process and hands a run out again now and then.

import type { Queue } from "../../src/world/queue.ts";
import type { Process, Seam } from "./core/seam.ts";

/**
 * It keeps its entries in its process. So all of them are lost together and never without it: as it dies right before or after
 * a run is put in or handed out. A run is there twice when it is put in once more, at once or after it was driven.
 */
export function waywardQueue(seam: Seam, process: Process, queue: Queue): Queue {
  return {
    ...queue,
    add: (wake, options) =>
      seam.within(
        process,
        { kind: "queue", name: "add" },
        {
          work: () => queue.add(wake, options),
          again: () => void queue.add(wake, options),
        },
      ),
    start: (drive) =>
      queue.start((wake, hold) =>
        seam.within(
          process,
          { kind: "queue", name: "take" },
          {
            work: () => drive(wake, hold),
            again: () => void queue.add(wake),
          },
        ),
      ),
  };
}
