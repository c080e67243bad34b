// The book of a repository's schedules, in its hidden ref: one file a schedule, and one for the dashboard.

import type { z } from "zod";

import { type BookKind, type HiddenBook, openHiddenBook } from "../runs/hidden-book.ts";
import { SealBroken } from "../runs/seal.ts";
import type { House } from "../runs/house.ts";
import { BoardState, emptyState, type RepositoryState, ScheduleState } from "./state.ts";

export type Book = HiddenBook<RepositoryState>;

const BOARD = "board";
const FOLDER = "schedules/";

const kind: BookKind<RepositoryState> = {
  ref: "refs/fanfold/schedules/state",
  about: "schedules",
  empty: emptyState,
  anew: "dismissed findings count again then.",
  lacks: ({ schedules }, seen) => [...seen.schedules.keys()].some((name) => !schedules.has(name)),
  write: ({ board, schedules }) =>
    new Map([
      [BOARD, JSON.stringify(board)],
      ...[...schedules].map(([name, each]): [string, string] => [
        `${FOLDER}${name}`,
        JSON.stringify(each),
      ]),
    ]),
  read: (files) => {
    const parse = <T>(path: string, shape: z.ZodType<T>): T =>
      shape.parse(JSON.parse(files.get(path) ?? "null"));
    const names = [...files.keys()].filter((path) => path.startsWith(FOLDER));
    if (names.length + (files.has(BOARD) ? 1 : 0) < files.size) {
      throw new SealBroken("There are files in the book of schedules that nobody writes there.");
    }
    const schedules = names.map(
      (path) => [path.slice(FOLDER.length), parse(path, ScheduleState)] as const,
    );
    const board = files.has(BOARD) ? parse(BOARD, BoardState) : emptyState.board;
    return { schedules: new Map(schedules), board };
  },
};

export const openBook = (house: House): Book => openHiddenBook(house, kind);

/** With one schedule changed. */
export function withSchedule(
  state: RepositoryState,
  name: string,
  schedule: ScheduleState,
): RepositoryState {
  return { ...state, schedules: new Map([...state.schedules, [name, schedule]]) };
}
