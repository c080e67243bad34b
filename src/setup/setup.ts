// One set-up from its first page to its end: what it knows, and the only steps that change it.

import type { Places } from "../config/env.ts";
import { ForgeError } from "../world/forge-error.ts";
import type { ConvertCode, InstalledOn, NewApp } from "../world/new-app.ts";
import { FileTrouble, type HeldFile, type VariablesFile } from "./file.ts";
import type { AppFile } from "./manifest.ts";
import { type OneTime, openOneTime } from "./secrets.ts";
import { fileOf, type Given } from "./variables.ts";
import type { Wish } from "./wish.ts";

type Variables = Readonly<Record<string, string | undefined>>;

export interface SetupOptions {
  /** `http://127.0.0.1:4280`: where people open it. */
  origin: string;
  /** Lets whoever has it in; 64 characters of chance. */
  key: string;
  places: Places;
  appFile: AppFile;
  file: VariablesFile;
  /** What is set where the set-up runs. */
  shell: Variables;
  /** 64 characters of chance. */
  secret: () => string;
  convert: ConvertCode;
  installedOn: InstalledOn;
  /** A line for the terminal; no secret is in it. */
  tell: (line: string) => void;
}

export interface Setup extends SetupOptions {
  states: OneTime;
  progress: Progress;
}

/** What has become of it so far. */
export interface Progress {
  /** What GitHub was asked for last; null: nothing yet. */
  wish: Wish | null;
  /** GitHub's secrets; null until they are here. */
  given: Given | null;
  /** They are in the file. */
  isSaved: boolean;
  isBusy: boolean;
}

export const openSetup = (options: SetupOptions): Setup => ({
  ...options,
  states: openOneTime(options.secret),
  progress: { wish: null, given: null, isSaved: false, isBusy: false },
});

export type Exchanged =
  | { kind: "saved" }
  /** Another request is at it. */
  | { kind: "busy" }
  /** The code was used, or is too old. */
  | { kind: "used" }
  | { kind: "unanswered"; said: string }
  /** GitHub was not asked yet. */
  | { kind: "no-file"; said: string }
  /** The secrets are here and nowhere else. */
  | { kind: "unsaved"; said: string };

/** Asks GitHub for the secrets behind a code, and keeps them in the file. Nothing is asked before the file is held. */
export async function exchange(setup: Setup, code: string): Promise<Exchanged> {
  const { progress } = setup;
  if (progress.isBusy) return { kind: "busy" };
  progress.isBusy = true;
  try {
    const held = await holdFile(setup);
    return "kind" in held ? held : await convertInto(setup, held, code);
  } finally {
    progress.isBusy = false;
  }
}

async function holdFile({ file }: Setup): Promise<HeldFile | Exchanged> {
  try {
    return await file.hold();
  } catch (error) {
    if (error instanceof FileTrouble) return { kind: "no-file", said: error.message };
    throw error;
  }
}

async function convertInto(setup: Setup, held: HeldFile, code: string): Promise<Exchanged> {
  let app: NewApp;
  try {
    app = await setup.convert(code);
  } catch (error) {
    await held.release();
    if (!(error instanceof ForgeError)) throw error;
    return error.kind === "not-found"
      ? { kind: "used" }
      : { kind: "unanswered", said: reasonOf(error) };
  }
  const { progress, places, tell } = setup;
  progress.given = { app, places, checkpointKey: setup.secret() };
  tell(`GitHub created ${app.page} for ${app.owner}.`);
  return await write(setup, held);
}

/** Its own words are about writes that are looked up later; here a person tries again. */
const reasonOf = ({ kind, message, cause }: ForgeError): string =>
  kind === "unreachable" && cause instanceof Error
    ? `GitHub could not be asked for the App's secrets: ${cause.message}.`
    : message;

async function write(setup: Setup, held: HeldFile): Promise<Exchanged> {
  const { progress, shell, file, tell } = setup;
  if (progress.given === null) throw new Error("There is nothing to write.");
  try {
    await held.write(fileOf(progress.given, shell));
  } catch (error) {
    if (!(error instanceof FileTrouble)) throw error;
    tell(`${error.message} Its variables are not saved: do not end the set-up.`);
    return { kind: "unsaved", said: error.message };
  }
  progress.isSaved = true;
  tell(`Its variables are in ${file.path}.`);
  return { kind: "saved" };
}

/** Tries once more to save what GitHub gave. */
export async function saveAgain(setup: Setup): Promise<Exchanged> {
  const held = await holdFile(setup);
  if (!("kind" in held)) return await write(setup, held);
  return held.kind === "no-file" ? { kind: "unsaved", said: held.said } : held;
}
