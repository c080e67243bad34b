// Reads what came out of a sandbox: every text is hostile until it has passed here.

import { z } from "zod";

import { SandboxFault } from "../errors.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Deed, Pumped } from "../sandbox.ts";
import type { SandboxLimits } from "./limits.ts";

// What is checked here was parsed from JSON a moment before, so every part of it is JSON; its outline is what counts.
const json = z.custom<Json>();
const object = z.custom<JsonObject>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);
const text = z.string();

const Asked = z.strictObject({
  id: z.int().nonnegative(),
  step: text,
  input: object,
  label: text.nullable(),
  phase: text.nullable(),
});

const place = { line: z.int().positive(), column: z.int().positive() };

const Message = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("asked"), call: Asked }),
  z.strictObject({ kind: z.literal("phase"), title: text }),
  z.strictObject({ kind: z.literal("log"), message: text }),
  z.strictObject({ kind: z.literal("dropped"), id: z.int().nonnegative() }),
  z.strictObject({ kind: z.literal("returned"), value: json.default(null) }),
  z.strictObject({
    kind: z.literal("threw"),
    name: text,
    message: text,
    at: z.strictObject(place).nullable(),
    frames: z.array(z.strictObject({ name: text.nullable(), ...place })).max(5),
  }),
]);

/** The host's side of one sandbox: knows which calls are open, so that a forged one is noticed. */
export interface Border {
  /** Takes in what was said so far of a stretch that is not over. Throws as `read` does. */
  take(texts: readonly string[]): void;
  /** Hands out what was taken in so far, which `read` then leaves out. */
  handOver(): Deed[];
  /**
   * Takes in the last of a stretch and returns all of it that was not handed out. Throws `SandboxFault`: `crash` for a text the guest cannot
   * have written, `deadlock`, `size`.
   */
  read(texts: readonly string[]): Pumped;
  /** Throws when no such call is open: there is nobody to answer. */
  expect(id: number): void;
  /** Called before what followed an answer is read; throws when no such call is open. */
  close(id: number | undefined): void;
}

/** Makes the border of one sandbox. */
export function createBorder(limits: SandboxLimits): Border {
  const open = new Set<number>();
  /** Taken back; an answer that was on its way already is nobody's fault. */
  const dropped = new Set<number>();
  let nextId = 0;
  let pumped: Pumped = { did: [], state: { kind: "waiting" } };

  return {
    take,
    handOver() {
      const { did } = pumped;
      pumped.did = [];
      return did;
    },
    read(texts) {
      take(texts);
      const whole = pumped;
      pumped = { did: [], state: { kind: "waiting" } };
      if (whole.state.kind === "waiting" && open.size === 0) throw deadlock();
      return whole;
    },
    expect: (id) => {
      if (!open.has(id) && !dropped.has(id)) throw notOpen(id);
    },
    close: (id) => {
      if (id === undefined || (!open.delete(id) && !dropped.delete(id))) throw notOpen(id);
    },
  };

  function take(texts: readonly string[]): void {
    for (const text of texts) takeOne(parseMessage(text, limits));
  }

  function takeOne(message: z.infer<typeof Message>): void {
    if (pumped.state.kind !== "waiting") throw forged("it went on after its end");
    switch (message.kind) {
      case "returned":
      case "threw":
        pumped.state = message;
        return;
      case "asked":
        if (message.call.id !== nextId) throw forged("its calls are out of order");
        open.add(nextId);
        nextId += 1;
        pumped.did.push(message);
        return;
      case "dropped":
        if (!open.delete(message.id)) throw forged("it takes back a call that is not open");
        dropped.add(message.id);
        pumped.did.push(message);
        return;
      case "phase":
      case "log":
        pumped.did.push(message);
    }
  }
}

function parseMessage(text: string, limits: SandboxLimits): z.infer<typeof Message> {
  if (nesting(text) > limits.depth) {
    throw new SandboxFault(
      "size",
      `The script sent data nested deeper than ${limits.depth} levels: send it flatter.`,
    );
  }
  let value: unknown;
  try {
    value = MAY_NAME_PROTO.test(text) ? JSON.parse(text, refuseProto) : JSON.parse(text);
  } catch (error) {
    throw forged("its message is not JSON", error);
  }
  const message = Message.safeParse(text.includes("\\ud") ? wellFormed(value) : value);
  if (!message.success) throw forged("its message has an unknown shape", message.error);
  return message.data;
}

// A lone half of a character is replaced here, so that what is hashed, shown and sent on is one and the same text. The
// engine writes such halves as escapes; whole characters never are.
function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, part]) => [key.toWellFormed(), wellFormed(part)]));
}

// Looking at every key is slow; a text without the word, as it is or in escapes, has no such key.
const MAY_NAME_PROTO = /__proto__|\\u/;

function refuseProto(key: string, value: unknown): unknown {
  if (key === "__proto__") throw new Error("a key is __proto__");
  return value;
}

function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index);
    if (inString) {
      if (char === BACKSLASH) index += 1;
      else if (char === QUOTE) inString = false;
    } else if (char === QUOTE) inString = true;
    else if (char === BRACKET || char === BRACE) deepest = Math.max(deepest, (depth += 1));
    else if (char === BRACKET_END || char === BRACE_END) depth -= 1;
  }
  return deepest;
}

const QUOTE = 34;
const BACKSLASH = 92;
const BRACKET = 91;
const BRACKET_END = 93;
const BRACE = 123;
const BRACE_END = 125;

function forged(what: string, cause?: unknown): SandboxFault {
  return new SandboxFault("crash", `The sandbox cannot be trusted any more: ${what}.`, { cause });
}

function notOpen(id: number | undefined): Error {
  return new Error(`Call ${id} is not open in this sandbox.`);
}

function deadlock(): SandboxFault {
  return new SandboxFault(
    "deadlock",
    "The script waits for nothing: no call is open and nothing is left to run. Look for an await on a promise that nobody settles.",
  );
}
