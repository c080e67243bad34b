// The scripts that are measured: many agents at once, as a script of the language would write it.

// The most items that one fan-out of the language takes.
const BATCH = 4_096;

/** A script that makes `calls` agent calls and returns how many were answered. */
export function fanOutScript(shape: "parallel" | "pipeline", calls: number): string {
  return shape === "parallel" ? parallelScript(calls) : pipelineScript(calls);
}

function parallelScript(calls: number): string {
  return `
    let answered = 0
    for (let first = 0; first < ${calls}; first += ${BATCH}) {
      const items = Array.from({ length: Math.min(${BATCH}, ${calls} - first) }, (_, item) => first + item)
      const answers = await parallel(items.map((item) => () => agent("Check item " + item)))
      answered += answers.filter((answer) => answer !== null).length
    }
    return answered`;
}

function pipelineScript(calls: number): string {
  const stages = 2;
  return `
    let answered = 0
    for (let first = 0; first < ${calls / stages}; first += ${BATCH}) {
      const items = Array.from({ length: Math.min(${BATCH}, ${calls / stages} - first) }, (_, item) => first + item)
      const answers = await pipeline(items, (item) => agent("Find in item " + item), (_, item) => agent("Check item " + item))
      answered += ${stages} * answers.filter((answer) => answer !== null).length
    }
    return answered`;
}
