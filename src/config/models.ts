// Every model Fanfold knows by name: ids, sizes and list prices in one table.

/** US dollars per million tokens. */
interface Rates {
  inputUsd: number;
  outputUsd: number;
  /** Entries that live five minutes. */
  cacheWriteUsd: number;
  cacheReadUsd: number;
}

export interface ModelPrice extends Rates {
  /** Where a longer prompt, cached or not, makes all tokens of a request dearer. */
  beyond?: { promptTokens: number; rates: Rates };
}

const efforts = ["low", "medium", "high", "xhigh", "max"] as const;
type Effort = (typeof efforts)[number];

export interface KnownModel {
  id: string;
  /** What people type; the newest model of a family carries its name. */
  aliases: readonly string[];
  contextTokens: number;
  outputTokens: number;
  /** Shortest prefix the provider caches, in tokens. */
  cacheMinimumTokens: number;
  /** Whether the provider sums up long conversations of this model. */
  compacts: boolean;
  /** Efforts that it takes, growing; a request with another one is refused. */
  efforts: readonly Effort[];
  /** Whether it thinks before it answers, as far as it finds that useful, only when it is asked to. */
  thinksWhenAsked: boolean;
  /** Null where no list price is known to us: cost is then unknown, not zero. */
  price: ModelPrice | null;
}

// https://platform.claude.com/docs/en/about-claude/pricing, November 2026. A five-minute cache write costs 1.25 times the
// input everywhere, a read a tenth where nothing else is said.
const fableNow = listPrice(8, 40, 0.2);
const fableBefore = listPrice(10, 50, 0.25);
const fableFirst = listPrice(10, 50);
const opusNow = listPrice(4, 20, 0.2);
const opusBefore = listPrice(5, 25);
const sonnetNow = listPrice(2, 10, 0.1);
const sonnetFive = listPrice(2, 10);
const sonnetBefore = listPrice(3, 15);
const haikuNow = {
  ...listPrice(0.1, 0.5),
  beyond: { promptTokens: 100_000, rates: listPrice(0.5, 2.5) },
};
const haikuBefore = listPrice(1, 5);

// What each model accepts without a beta header, after its page under https://platform.claude.com/docs/en/models; minimums
// are from https://platform.claude.com/docs/en/build-with-claude/prompt-caching, and the larger of its values where it does
// not name the model.
const large = { contextTokens: 1_000_000, outputTokens: 128_000 };
const small = { contextTokens: 200_000, outputTokens: 64_000 };

type Family = Pick<KnownModel, "efforts" | "thinksWhenAsked" | "compacts"> & typeof large;

// https://platform.claude.com/docs/en/build-with-claude/effort names who takes which; thinking is on from the fifth
// generation on, and can be asked for in the fourth from 4.6; so can compaction.
const fifth: Family = { ...large, efforts, thinksWhenAsked: false, compacts: true };
const lateFourth: Family = { ...large, efforts, thinksWhenAsked: true, compacts: true };
const midFourth: Family = { ...lateFourth, efforts: ["low", "medium", "high", "max"] };
const fourth: Family = { ...small, efforts: [], thinksWhenAsked: false, compacts: false };

/** Newest first within a family. */
export const models: readonly KnownModel[] = [
  row("claude-fable-5-2", fifth, { price: fableNow, cached: 512, alias: "fable" }),
  row("claude-fable-5-1", fifth, { price: fableBefore, cached: 512 }),
  row("claude-fable-5", fifth, { price: fableFirst, cached: 512 }),
  row("claude-mythos-5-2", fifth, { price: fableNow, cached: 512, alias: "mythos" }),
  row("claude-mythos-5-1", fifth, { price: fableBefore, cached: 512 }),
  row("claude-mythos-5", fifth, { price: fableFirst, cached: 512 }),
  row("claude-opus-5-5", fifth, { price: opusNow, cached: 512, alias: "opus" }),
  row("claude-opus-5", fifth, { price: opusBefore, cached: 512 }),
  row("claude-opus-4-8", lateFourth, { price: opusBefore, cached: 1024 }),
  row("claude-opus-4-7", lateFourth, { price: opusBefore, cached: 2048 }),
  row("claude-opus-4-6", midFourth, { price: opusBefore, cached: 4096 }),
  row(
    "claude-opus-4-5",
    { ...fourth, efforts: ["low", "medium", "high"] },
    { price: opusBefore, cached: 4096 },
  ),
  row("claude-sonnet-5-5", fifth, { price: sonnetNow, cached: 1024, alias: "sonnet" }),
  row("claude-sonnet-5", fifth, { price: sonnetFive, cached: 1024 }),
  row("claude-sonnet-4-6", midFourth, { price: sonnetBefore, cached: 1024 }),
  row("claude-sonnet-4-5", fourth, { price: sonnetBefore, cached: 1024 }),
  row("claude-haiku-5-5", fifth, { price: haikuNow, cached: 4096, alias: "haiku" }),
  row("claude-haiku-4-5", fourth, { price: haikuBefore, cached: 4096 }),
];

/** Full id of an alias, in any case; any other name is passed on as it stands, with `known` saying whether we know it. */
export function resolveModel(nameOrId: string): { id: string; known: boolean } {
  const name = nameOrId.trim();
  const model = modelNamed(name);
  // A date or a region in it is a choice of its own.
  const isPlain = [model?.id, ...(model?.aliases ?? [])].includes(name.toLowerCase());
  return { id: model !== null && isPlain ? model.id : name, known: model !== null };
}

/** List price of a model by alias, id or dated id; null when unknown. */
export function priceOf(nameOrId: string): ModelPrice | null {
  return modelNamed(nameOrId.trim())?.price ?? null;
}

/** How much a model reads at once, where the provider sums up what lies behind; null where it does not, or nobody knows. */
export function compactedAt(nameOrId: string): number | null {
  const model = modelNamed(nameOrId.trim());
  return model?.compacts === true ? model.contextTokens : null;
}

/**
 * The table's row for an alias, an id, an id with a date (`claude-haiku-4-5-20251001`), or one as the clouds write it
 * (`eu.anthropic.claude-opus-4-6-v1`, `claude-haiku-4-5@20251001`); null when there is none.
 */
export function modelNamed(name: string): KnownModel | null {
  const wanted = name
    .toLowerCase()
    .replace(/^(?:[a-z-]+\.)?anthropic\./, "")
    .replace(/-v\d+(?::\d+)?$/, "")
    .replace(/[-@]\d{8}$/, "");
  return models.find((model) => model.id === wanted || model.aliases.includes(wanted)) ?? null;
}

/** Whether a request has to ask for thinking; a model that nobody knows is asked for nothing. */
export const thinksWhenAsked = (nameOrId: string): boolean =>
  modelNamed(nameOrId.trim())?.thinksWhenAsked === true;

/** A model as people name it and the effort they want of it, as it can be asked. */
export function choose(
  nameOrId: string,
  effort: Effort | null,
): { id: string; effort: Effort | null; effortRefused: Effort | null; isPriced: boolean } {
  const { id } = resolveModel(nameOrId);
  const taken = effort === null ? null : effortFor(id, effort);
  const effortRefused = taken === effort ? null : effort;
  return { id, effort: taken, effortRefused, isPriced: priceOf(id) !== null };
}

/** The nearest one below that the model takes, or none. A model that nobody knows gets it as it is. */
function effortFor(id: string, effort: Effort): Effort | null {
  const model = modelNamed(id);
  if (model === null) return effort;
  const most = efforts.indexOf(effort);
  return model.efforts.findLast((taken) => efforts.indexOf(taken) <= most) ?? null;
}

function row(
  id: string,
  family: Family,
  { price, cached, alias }: { price: ModelPrice; cached: number; alias?: string },
): KnownModel {
  const aliases = alias === undefined ? [] : [alias];
  return { id, aliases, ...family, cacheMinimumTokens: cached, price };
}

function listPrice(inputUsd: number, outputUsd: number, cacheReadUsd = inputUsd * 0.1): Rates {
  return { inputUsd, outputUsd, cacheWriteUsd: inputUsd * 1.25, cacheReadUsd };
}
