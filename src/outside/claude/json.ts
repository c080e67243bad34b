// What may travel on of a value of the SDK: only what JSON keeps of it.

import { z } from "zod";

import type { Json } from "../../agent/model.ts";

export const toJson = (value: unknown): Json =>
  z.json().parse(JSON.parse(JSON.stringify(value ?? null)));

export function isRecord(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
