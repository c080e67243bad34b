// The bot as production starts it, and one thing more: it ends when the demo that started it is gone.

import "../main.ts";

// The demo holds the other end of standard input; it closes even when the demo is killed.
process.stdin.resume().once("end", () => process.kill(process.pid, "SIGTERM"));
