// The thread in which a Markdown text is read.

import { parentPort, workerData } from "node:worker_threads";

import { z } from "zod";

import { extractVisible } from "./extract.ts";

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage(extractVisible(z.string().parse(workerData)));
