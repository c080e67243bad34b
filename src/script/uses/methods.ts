// What calling a method says about the value it is called on.

/** Methods only texts have. */
export const TEXT_METHODS: ReadonlySet<string> = new Set(
  (
    "trim trimStart trimEnd split toLowerCase toUpperCase startsWith endsWith replace replaceAll match matchAll " +
    "padStart padEnd charAt charCodeAt codePointAt localeCompare normalize substring substr repeat search"
  ).split(" "),
);

/** Methods of lists whose first argument is a function that gets an item. */
export const ITEM_METHODS: ReadonlySet<string> = new Set(
  "map filter forEach some every find findIndex findLast findLastIndex flatMap sort toSorted".split(
    " ",
  ),
);

/** Methods of lists that give the same items again. */
export const SAME_ITEMS: ReadonlySet<string> = new Set(
  "filter sort toSorted slice concat reverse toReversed flat splice with values".split(" "),
);

/** Methods of lists that give one item. */
export const ONE_ITEM: ReadonlySet<string> = new Set("find findLast at pop shift".split(" "));

/** Methods only lists have, besides those above; `slice`, `concat`, `includes`, `indexOf`, `at` texts have too. */
export const LIST_METHODS: ReadonlySet<string> = new Set(
  "join reverse toReversed flat splice push pop shift unshift reduce reduceRight entries keys values fill".split(
    " ",
  ),
);

/** Methods that give the same text in another form, and those of a promise. */
export const SAME_TEXT: ReadonlySet<string> = new Set(
  "trim trimStart trimEnd replace replaceAll match then catch finally".split(" "),
);
