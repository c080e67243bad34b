// Every model Fanfold knows by name: ids, sizes and list prices in one table.

/** US dollars per million tokens. */
export interface ModelPrice {
  inputUsd: number;
  outputUsd: number;
  /** Entries that live five minutes. */
  cacheWriteUsd: number;
  cacheReadUsd: number;
}

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
  /** Null where no list price is known to us: cost is then unknown, not zero. */
  price: ModelPrice | null;
}

// List prices per family: https://platform.claude.com/docs/en/about-claude/pricing. A five-minute cache write costs 1.25
// times the input, a read a tenth: https://platform.claude.com/docs/en/build-with-claude/prompt-caching.
const opusPrice = listPrice(5, 25);
const sonnetPrice = listPrice(3, 15);
const haikuPrice = listPrice(1, 5);

// Sizes are what every model of the line accepts without a beta header; minimums are from the caching page above, and
// the larger of its values where it does not name the model.
const sizes = { contextTokens: 200_000, outputTokens: 64_000 };

// https://platform.claude.com/docs/en/build-with-claude/compaction names the 4.6 models as the first.
const BEFORE_COMPACTION = new Set(["claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"]);

/** Newest first within a family. */
const rows: readonly Omit<KnownModel, "compacts">[] = [
  { id: "claude-fable-5-2", aliases: ["fable"], ...sizes, cacheMinimumTokens: 512, price: null },
  { id: "claude-fable-5-1", aliases: [], ...sizes, cacheMinimumTokens: 512, price: null },
  { id: "claude-fable-5", aliases: [], ...sizes, cacheMinimumTokens: 1024, price: null },
  { id: "claude-mythos-5-2", aliases: ["mythos"], ...sizes, cacheMinimumTokens: 1024, price: null },
  { id: "claude-opus-5-5", aliases: ["opus"], ...sizes, cacheMinimumTokens: 512, price: opusPrice },
  { id: "claude-opus-5", aliases: [], ...sizes, cacheMinimumTokens: 512, price: opusPrice },
  { id: "claude-opus-4-8", aliases: [], ...sizes, cacheMinimumTokens: 1024, price: opusPrice },
  { id: "claude-opus-4-7", aliases: [], ...sizes, cacheMinimumTokens: 2048, price: opusPrice },
  { id: "claude-opus-4-6", aliases: [], ...sizes, cacheMinimumTokens: 4096, price: opusPrice },
  { id: "claude-opus-4-5", aliases: [], ...sizes, cacheMinimumTokens: 4096, price: opusPrice },
  {
    id: "claude-sonnet-5-5",
    aliases: ["sonnet"],
    ...sizes,
    cacheMinimumTokens: 1024,
    price: sonnetPrice,
  },
  { id: "claude-sonnet-5", aliases: [], ...sizes, cacheMinimumTokens: 1024, price: sonnetPrice },
  { id: "claude-sonnet-4-6", aliases: [], ...sizes, cacheMinimumTokens: 1024, price: sonnetPrice },
  { id: "claude-sonnet-4-5", aliases: [], ...sizes, cacheMinimumTokens: 1024, price: sonnetPrice },
  {
    id: "claude-haiku-5-5",
    aliases: ["haiku"],
    ...sizes,
    cacheMinimumTokens: 4096,
    price: haikuPrice,
  },
  { id: "claude-haiku-4-5", aliases: [], ...sizes, cacheMinimumTokens: 4096, price: haikuPrice },
];

export const models: readonly KnownModel[] = rows.map((row) => ({
  ...row,
  compacts: !BEFORE_COMPACTION.has(row.id),
}));

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

function listPrice(inputUsd: number, outputUsd: number): ModelPrice {
  return { inputUsd, outputUsd, cacheWriteUsd: inputUsd * 1.25, cacheReadUsd: inputUsd * 0.1 };
}
