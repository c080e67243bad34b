// Bugs that the tests must be able to find: each one small change to the product's own text, made only when it is loaded.

/** One bug: `from` stands exactly once in `file`, and becomes `to`. */
export interface PlantedBug {
  /** What breaks. */
  name: string;
  file: string;
  from: string;
  to: string;
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: "a push does not compare the checkpoint",
    file: "src/runs/move-refs.ts",
    from: "const own = { ref: stateRefOf(tick.record.id), from: pushed.state, to: commit };",
    to: "const name = stateRefOf(tick.record.id); const own = { ref: name, from: (await world.mirror.remoteRefs(name)).get(name) ?? null, to: commit };",
  },
  {
    name: "a driver that sees another one goes on",
    file: "src/runs/move-refs.ts",
    from: "if ((states.get(own.ref) ?? null) !== own.from) throw new Fenced(run);",
    to: "pushed.state = states.get(own.ref) ?? null;",
  },
  {
    name: "nothing is proven before GitHub is written to",
    file: "src/runs/publisher.ts",
    from: "if (state.fenced !== null) throw state.fenced;\n      if (state.lease === null || sinceProof(state) >= ttlMs / 2)",
    to: "if (state.lease === null)",
  },
  {
    name: "a run is taken over without waiting",
    file: "src/runs/lease.ts",
    from: "if (lease === null || isFree(lease, { owner, isExclusive })) {",
    to: "if (lease !== undefined) {",
  },
  {
    name: "a comment is not looked for before it is made",
    file: "src/runs/voice.ts",
    from: "const known = await forge.findComment(thread, runMarker(id));",
    to: "const known = null as Comment | null;",
  },
  {
    name: "a review is not looked for before it is made",
    file: "src/runs/effects.ts",
    from: "if ((await forge.findReview(pull, reviewMarker(record.id, review.key))) !== null) return;",
    to: "",
  },
  {
    name: "lists are trusted at once",
    file: "src/config/limits.ts",
    from: "listsLagMs: 5 * second,",
    to: "listsLagMs: 0,",
  },
  {
    name: "a run that is taken up forgets its journal",
    file: "src/runs/execute.ts",
    from: "history: run.entries().filter((entry) => !isOwn(entry)),",
    to: "history: [],",
  },
  {
    name: "a comment is forgotten before it is answered",
    file: "src/deliveries/intake.ts",
    from: "const heard = await parts.answer(letter.event, { isLeft });",
    to: "await parts.inbox.remove(letter); const heard = await parts.answer(letter.event, { isLeft });",
  },
  {
    name: "the run's own line is on no ref",
    file: "src/runs/branches.ts",
    from: "...(ledger.trunk === ledger.base ? [] : [{ ref: lineRefOf(record.id), to: ledger.trunk }]),",
    to: "",
  },
  {
    name: "an end that was not told is forgotten",
    file: "src/runs/owed.ts",
    from: "return !isEnded(status) || !endTold || undo?.done === null;",
    to: "return !isEnded(status);",
  },
  {
    name: "trouble that passes ends a run",
    file: "src/runs/drive.ts",
    from: "if (passes(error)) throw error;",
    to: "",
  },
  {
    name: "what no reviewer accepted is folded in",
    file: "src/steps/combine.ts",
    from: 'verdict === "accepted" || context.combineUnaccepted;',
    to: "true;",
  },
  {
    name: "only the last group of a push is fenced",
    file: "src/runs/move-refs.ts",
    from: "if (size > 1) return await step(state, { updates: group, tick }, signal);\n  if (!(await step(state, { updates: [], tick }, signal))) return false;\n  const result = await patiently({ ...world, signal }, async () => {\n    await inTurn(state, tick, signal);",
    to: "const result = await patiently({ ...world, signal }, async () => {\n    await world.pacer.turn(signal);",
  },
  {
    name: "what was said to another machine is not heard",
    file: "src/runs/passed-on.ts",
    from: "await run.update(words);",
    to: "",
  },
  {
    name: "what others have set aside counts as room",
    file: "src/runs/till.ts",
    from: "return cap === null ? Infinity : cap - account.spentUsd - account.reservedUsd;",
    to: "return cap === null ? Infinity : cap - account.spentUsd;",
  },
  {
    name: "a run that is taken up forgets what it has cost",
    file: "src/runs/purse.ts",
    from: "const before = Math.max(written, knownUsd);",
    to: "const before = written * 0;",
  },
  {
    name: "a record goes before its journal",
    file: "src/runs/live.ts",
    from: "await folder.replaceJournal(contents.entries);",
    to: "await update({ ...contents.record, ...saidHere(contents.record, record) }); await folder.replaceJournal(contents.entries);",
  },
  {
    name: "whoever learns of an end takes the run",
    file: "src/runs/driver.ts",
    from: 'if (isOver(state, run)) return "ended";',
    to: "",
  },
  {
    name: "what is forbidden is not tried again",
    file: "src/bot.ts",
    from: '["unreachable", "limited", "forbidden"]',
    to: '["unreachable", "limited"]',
  },
  {
    name: "a line that was refused stays closed",
    file: "src/gate/lane.ts",
    from: '// One that is under way was sent before this refusal: its answer says nothing about what comes after.\n    this.#probe = "due";',
    to: 'this.#probe ??= "due";',
  },
  {
    name: "a review is not cleared of secrets",
    file: "src/outgoing/guard-forge.ts",
    from: "forge.createReview(pull, guardReview(review, redact))",
    to: "forge.createReview(pull, review)",
  },
  {
    name: "a commit's message is not cleared of secrets",
    file: "src/steps/message.ts",
    from: "redact(dropInvisible(text.slice(0, LOOKED_AT_CHARS)).text)",
    to: "dropInvisible(text.slice(0, LOOKED_AT_CHARS)).text",
  },
  {
    name: "pushes do not wait for each other",
    file: "src/runs/pacer.ts",
    from: "if (waitMs <= 0) return count();",
    to: "return count();",
  },
  {
    name: "what a dead driver moved ahead stays",
    file: "src/runs/push-plan.ts",
    from: "...desired, ...strays(pushed, desired)",
    to: "...desired",
  },
  {
    name: "work whose branch was deleted is on no ref",
    file: "src/runs/push-plan.ts",
    from: "...keptPlaces(state, record.id, publications),",
    to: "",
  },
  {
    name: "what was asked for again is asked for no more",
    file: "src/deliveries/sweep.ts",
    from: "!state.askedTaken.has(attempt.guid)",
    to: "timesAsked(state, attempt.guid) === 0",
  },
  {
    name: "whoever tries once more takes any eyes for its own",
    file: "src/bot/eyes.ts",
    from: "(mine !== undefined && mine.id === seen?.id)",
    to: "mine !== undefined",
  },
];

/** Puts a bug into the text of its file. Throws when the text has changed and the bug has to be planted anew. */
export function plant({ name, file, from, to }: PlantedBug, text: string): string {
  const pieces = text.split(from);
  if (pieces.length !== 2)
    throw new Error(
      `"${name}" cannot be planted: ${file} holds its place ${pieces.length - 1} times.`,
    );
  return pieces.join(to);
}
