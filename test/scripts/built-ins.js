// Shows Map, Set, classes, replaceAll, localeCompare, toSorted, flat and properties of Unicode.
// Expect {"exact": true, "agents": 1, "result": [3, 2, true, 1, 1]}
export const meta = {
  name: "built-ins",
  description:
    "Shows Map, Set, classes, replaceAll, localeCompare, toSorted, flat and properties of Unicode.",
};
class Counter {
  #n = 0;
  next() {
    return ++this.#n;
  }
}
const counter = new Counter();
const words = "b-a-é"
  .replaceAll("-", " ")
  .split(" ")
  .toSorted((a, b) => a.localeCompare(b));
const map = new Map(words.map((word) => [word, counter.next()]));
await agent(words.join());
return [
  map.size,
  [[1], [2]].flat().length,
  /^\p{L}+$/u.test("é"),
  new Set([1, 1]).size,
  [3, 1].at(-1),
];
