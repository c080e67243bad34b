// What becomes of findings from report to report: they are known by their code, whatever line it is on and whatever the model calls it.

import { expect, it } from "vitest";

import { dismissIn, emptyLedger, type Ledger } from "../../src/audit/ledger.ts";
import { type Report, settle } from "../../src/audit/settle.ts";

const WEEK_MS = 7 * 24 * 60 * 60_000;

const CODE =
  "import db from 'db';\n\nexport function find(name) {\n  return db.query('select ' + name);\n}\n";

type Found = Report["findings"][number];
const injection: Found = {
  path: "src/a.js",
  line: 4,
  title: "SQL built from unchecked input",
  severity: "high",
  verdict: "confirmed",
};

let weeks = 0;

type Files = Readonly<Record<string, string>>;

const isChange = (files: Files | { files: Files }): files is Partial<Report> & { files: Files } =>
  typeof files["files"] === "object";

/** The next week's report of these findings, in a repository of these files. */
function report(
  ledger: Ledger,
  findings: readonly Found[],
  files: Files | (Partial<Report> & { files: Files }),
): Ledger {
  weeks += 1;
  const { files: given, ...change } = isChange(files) ? files : { files };
  const coverage = { inScope: 1, read: 1, notRead: [], failed: [], skipped: [] };
  const named = [...findings, ...ledger.findings].map(({ path }) => path);
  return settle(ledger, {
    at: weeks * WEEK_MS,
    run: `wf-${weeks}`,
    commit: "c".repeat(40),
    isWhole: true,
    costUsd: 0.1,
    findings,
    coverage,
    texts: new Map(named.map((path) => [path, given[path] ?? null])),
    renamed: new Map(),
    ownersOf: () => [],
    matches: () => true,
    ...change,
  });
}

const standings = ({ findings }: Ledger) =>
  findings.map(({ path, line, standing }) => `${path}:${line} ${standing}`);

const first = () => report(emptyLedger, [injection], { "src/a.js": CODE });

it("knows a finding again when lines come above it, and when the model calls it something else", () => {
  const one = first();
  const moved = `// A comment.\n// And another.\n${CODE}`;
  const again = { ...injection, line: 6, title: "Unchecked name is put into the SQL query" };
  const two = report(one, [again], { "src/a.js": moved });
  expect(standings(two)).toEqual(["src/a.js:6 still"]);
  expect(two.findings[0]?.id).toBe(one.findings[0]?.id);
  expect(two.findings[0]?.firstAt).toBe(one.findings[0]?.firstAt);
});

it("knows it in a file of another name, reindented, and where its own line was edited", () => {
  const one = first();
  const elsewhere = { ...injection, path: "lib/find.js" };
  const renamed = report(one, [elsewhere], { "lib/find.js": CODE.replaceAll("  ", "\t") });
  expect(standings(renamed)).toEqual(["lib/find.js:4 still"]);
  const edited = CODE.replace("'select '", "`select * from t where n = `");
  const two = report(renamed, [elsewhere], { "lib/find.js": edited });
  expect(standings(two)).toEqual(["lib/find.js:4 still"]);
  expect(new Set([...one.findings, ...two.findings].map(({ id }) => id)).size).toBe(1);
});

it("keeps two findings apart that stand on the same line, or on two lines that read the same", () => {
  const one = first();
  const race = { ...injection, title: "Connection is never closed" };
  const two = report(one, [injection, race], { "src/a.js": CODE });
  expect(standings(two)).toEqual(["src/a.js:4 still", "src/a.js:4 new"]);
  const other = CODE.split("\n").slice(2).join("\n").replace("find", "other");
  const twice = `${CODE}${other}export default find;\n`;
  const lower = { ...injection, line: 7 };
  const three = report(two, [lower, injection, race], { "src/a.js": twice });
  expect(standings(three)).toEqual(["src/a.js:4 still", "src/a.js:4 still", "src/a.js:7 new"]);
});

it("calls a finding gone when its code or its file is, and says that it is back when it comes back", () => {
  const one = first();
  const mended = report(one, [], {
    "src/a.js": CODE.replace("'select ' + name", "'select ?', [name]"),
  });
  expect(mended.findings[0]?.goneSince?.why).toBe("its code is not there any more");
  expect(mended.rounds.at(-1)).toMatchObject({ open: 0, gone: 1 });
  const next = report(mended, [], { "src/a.js": "" });
  expect(next.rounds.at(-1)).toMatchObject({ open: 0, gone: 0 });
  const back = report(next, [injection], { "src/a.js": CODE });
  expect(standings(back)).toEqual(["src/a.js:4 back"]);
  expect(back.rounds.at(-1)).toMatchObject({ open: 1, fresh: 1 });
  const deleted = report(back, [], {});
  expect(deleted.findings[0]?.goneSince?.why).toBe("its file is not there any more");
});

it("does not believe a report that is silent about code that is as it was, before the third time", () => {
  const files = { "src/a.js": `\n\n${CODE}` };
  const one = report(first(), [], files);
  expect(standings(one)).toEqual(["src/a.js:6 silent"]);
  const heard = report(report(one, [], files), [{ ...injection, line: 6 }], files);
  expect(standings(heard)).toEqual(["src/a.js:6 still"]);
  const three = report(report(report(heard, [], files), [], files), [], files);
  expect(standings(three)).toEqual(["src/a.js:6 gone"]);
  expect(three.findings[0]?.goneSince?.why).toContain("not reported 3 times in a row");
});

it("says nothing of a file that nobody read, or that is out of scope now", () => {
  const mended = { "src/a.js": "nothing\n" };
  const coverage = { inScope: 2, read: 1, notRead: [], failed: ["src/a.js"], skipped: [] };
  const lost = report(first(), [], { files: mended, coverage });
  expect(standings(lost)).toEqual(["src/a.js:4 unlooked"]);
  const scope = { ...coverage, failed: [], scope: "lib/**" };
  const outside = report(lost, [], { files: mended, coverage: scope, matches: () => false });
  expect(standings(outside)).toEqual(["src/a.js:4 unlooked"]);
  const partly = report(outside, [], { files: mended, coverage: null, isWhole: false });
  expect(standings(partly)).toEqual(["src/a.js:4 unlooked"]);
  expect(partly.rounds.at(-1)).toMatchObject({ open: 1, isWhole: false, read: null });
});

it("leaves out what was dismissed, however often it is reported, and counts it again when that is taken back", () => {
  const one = first();
  const id = one.findings[0]?.id ?? "";
  const dismissed = dismissIn(one, id, { by: { id: 1, login: "ada" }, at: 1, reason: "a test" });
  const two = report(dismissed ?? one, [{ ...injection, line: 6 }], { "src/a.js": `\n\n${CODE}` });
  expect(two.rounds.at(-1)).toMatchObject({ open: 0, fresh: 0, dismissed: 1 });
  expect(two.findings[0]).toMatchObject({ id, line: 6, dismissed: { reason: "a test" } });
  const back = dismissIn(two, id, null) ?? two;
  expect(report(back, [injection], { "src/a.js": CODE }).rounds.at(-1)?.open).toBe(1);
  expect(dismissIn(one, "f-nobody", null)).toBeNull();
});

it("takes no refuted finding, and gives each an id of its own", () => {
  const refuted = { ...injection, verdict: "refuted" };
  expect(report(emptyLedger, [refuted], { "src/a.js": CODE }).findings).toEqual([]);
  const many = Array.from({ length: 40 }, () => ({ ...injection, line: null }));
  const ids = report(emptyLedger, many, { "src/a.js": CODE }).findings.map(({ id }) => id);
  expect(new Set(ids).size).toBe(40);
  expect(ids.every((id) => /^f-[0-9a-v]{6}$/u.test(id))).toBe(true);
});

it("takes a refutation as an answer at once, and a finding for what holds where both were said of it", () => {
  const files = { "src/a.js": `\n\n${CODE}` };
  const refuted = { ...injection, line: 6, verdict: "refuted", title: "SQL from unchecked input?" };
  const one = report(first(), [refuted], files);
  expect(standings(one)).toEqual(["src/a.js:4 gone"]);
  expect(one.findings[0]?.goneSince?.why).toBe("looked at again, and refuted");
  expect(one.rounds.at(-1)).toMatchObject({ open: 0, gone: 1 });
  const both = report(first(), [refuted, { ...injection, line: 6 }], files);
  expect(standings(both)).toEqual(["src/a.js:6 still"]);
  // A refutation of another place says nothing about this one.
  const other = report(first(), [{ ...refuted, path: "src/b.js" }], files);
  expect(standings(other)).toEqual(["src/a.js:6 silent"]);
});

it("follows a file to its new name, whether or not somebody read it there", () => {
  const coverage = { inScope: 1, read: 0, notRead: ["lib/a.js"], failed: [], skipped: [] };
  const texts = new Map([
    ["src/a.js", null],
    ["lib/a.js", CODE],
  ]);
  const renamed = new Map([["src/a.js", "lib/a.js"]]);
  const one = first();
  const two = report(one, [], { files: {}, coverage, texts, renamed, ownersOf: () => ["@lib"] });
  expect(standings(two)).toEqual(["lib/a.js:4 unlooked"]);
  expect(two.findings[0]).toMatchObject({ id: one.findings[0]?.id, assigned: ["@lib"] });
  const three = report(two, [{ ...injection, path: "lib/a.js" }], { "lib/a.js": CODE });
  expect(standings(three)).toEqual(["lib/a.js:4 still"]);
});

const eve = { by: { id: 3, login: "eve" }, at: 1, reason: "only our own names" };

it("does not take another place for a dismissed one that sounds like it, and asks again when its code changed", () => {
  const one = first();
  const id = one.findings[0]?.id ?? "";
  const dismissed = dismissIn(one, id, eve) ?? one;
  const far = `${CODE}\n\nexport const drop = (id) => {\n  log(id);\n  return db.run('delete ' + id);\n};\n`;
  const other = { ...injection, line: 9 };
  const two = report(dismissed, [other], { "src/a.js": far });
  expect(standings(two)).toEqual(["src/a.js:4 silent", "src/a.js:9 new"]);
  expect(two.rounds.at(-1)).toMatchObject({ open: 1, fresh: 1, dismissed: 1 });
  const changed = CODE.replace("'select '", "'select * from users where name = '");
  const three = report(dismissed, [injection], { "src/a.js": changed });
  expect(three.findings[0]).toMatchObject({ id, dismissed: null, lapsed: eve });
  expect(three.rounds.at(-1)).toMatchObject({ open: 1, fresh: 1, dismissed: 0 });
  const again = dismissIn(three, id, eve) ?? three;
  expect(again.findings[0]).toMatchObject({ dismissed: eve, lapsed: null });
});

it("keeps a word where only blanks changed, and each id where equal places move together", () => {
  const dismissed = dismissIn(first(), first().findings[0]?.id ?? "", eve) ?? first();
  const blanks = CODE.replace("( name )", "(name)").replace("' + name", "'+name");
  const two = report(dismissed, [injection], { "src/a.js": blanks });
  expect(two.findings[0]?.dismissed).toEqual(eve);
  const block = CODE.split("\n").slice(2, 5);
  const five = Array.from({ length: 5 }, () => block.join("\n")).join("\n");
  const found = [5, 8, 11].map((line) => ({ ...injection, line }));
  const three = report(emptyLedger, found, { "src/a.js": five });
  const lower = found.map((row) => ({ ...row, line: row.line + 3 }));
  // Each stands now where its neighbour stood.
  const moved = report(three, lower, { "src/a.js": `// One.\n// Two.\n// Three.\n${five}` });
  expect(moved.findings.map(({ id, line }) => [id, line])).toEqual(
    three.findings.map(({ id, line }) => [id, (line ?? 0) + 3]),
  );
});

it("calls nothing gone that may be among too many findings, keeps the gravest, and what is said twice once", () => {
  const many = Array.from({ length: 1_200 }, (_, at) => ({
    ...injection,
    path: `src/${at}.js`,
    severity: at < 1_100 ? "low" : "high",
  }));
  const files = Object.fromEntries(many.map(({ path }) => [path, CODE]));
  const all = report(first(), [...many, ...many], { ...files, "src/a.js": CODE });
  expect(all.overflow).toBe(200);
  expect(all.findings.filter(({ severity }) => severity === "high")).toHaveLength(101);
  const later = [1, 2, 3].reduce(
    (ledger) => report(ledger, many, { ...files, "src/a.js": CODE }),
    all,
  );
  expect(later.findings[0]).toMatchObject({ path: "src/a.js", standing: "unlooked" });
  expect(report(later, [injection], { ...files, "src/a.js": CODE }).overflow).toBe(0);
});
