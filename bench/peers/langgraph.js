// The same fan-out through langgraph: one Send a call, 16 at once, checkpoints and results in SQLite on disk.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { Annotation, END, Send, START, StateGraph } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";

const { calls, resultChars } = JSON.parse(process.argv[2] ?? "");
const folder = mkdtempSync(join(tmpdir(), "fanfold-bench-"));
try {
  const result = "The function returns early when the list is empty.\n"
    .repeat(resultChars / 50 + 1)
    .slice(0, resultChars);
  const State = Annotation.Root({
    results: Annotation({ reducer: (all, more) => all.concat(more), default: () => [] }),
  });
  const items = Array.from({ length: calls }, (_, item) => item);
  const graph = new StateGraph(State)
    .addNode("agent", async () => ({ results: [result] }))
    .addConditionalEdges(START, () =>
      items.map((item) => new Send("agent", { prompt: `Check item ${item}` })),
    )
    .addEdge("agent", END)
    .compile({ checkpointer: new SqliteSaver(openDatabase(join(folder, "checkpoints.sqlite"))) });
  const beganMs = performance.now();
  const { results } = await graph.invoke(
    {},
    { configurable: { thread_id: "bench" }, maxConcurrency: 16 },
  );
  const ms = performance.now() - beganMs;
  if (results.length !== calls)
    throw new Error(`Of ${calls} calls ${results.length} were answered.`);
  process.stdout.write(`${JSON.stringify({ ms: [ms] })}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// Node's own SQLite behind the four methods the saver calls: the binding it brings has to be compiled and ends with an
// assertion of Node 24 when its statements are collected.
function openDatabase(file) {
  const database = new DatabaseSync(file);
  return {
    prepare: (sql) => {
      const statement = database.prepare(sql);
      const given = (values) => values.map((value) => value ?? null);
      return {
        run: (...values) => statement.run(...given(values)),
        get: (...values) => statement.get(...given(values)),
        all: (...values) => statement.all(...given(values)),
        iterate: (...values) => statement.iterate(...given(values)),
      };
    },
    exec: (sql) => database.exec(sql),
    pragma: (setting) => database.exec(`PRAGMA ${setting}`),
    transaction:
      (work) =>
      (...values) => {
        database.exec("BEGIN");
        try {
          const result = work(...values);
          database.exec("COMMIT");
          return result;
        } catch (error) {
          database.exec("ROLLBACK");
          throw error;
        }
      },
  };
}
