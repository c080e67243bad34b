// The bot as production starts it, and one thing more: it ends when the demo that started it is gone.

import { finished } from "node:stream";

// The demo holds the other end of standard input; it closes even when the demo is killed. The leash comes first: the bot's
// module is not done before the bot is, so nothing below its import would ever be reached.
finished(process.stdin.resume(), () => process.kill(process.pid, "SIGTERM"));

await import("../main.ts");
