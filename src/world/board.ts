// The port to small entries that several processes change, one after the other: what is shared of limits and money.

/** What a change makes of an entry. */
export interface Changed<Answer> {
  /** The entry's new text; null leaves it as it is. */
  text: string | null;
  answer: Answer;
}

/** Pure: it may be asked more than once. `now` is one clock for all processes, in milliseconds since 1970. */
export type Change<Answer> = (text: string | null, now: number) => Changed<Answer>;

/** The board cannot be reached, or did not answer in time: whether the change was made is not known. */
export class BoardAway extends Error {
  override readonly name = "BoardAway";
}

export interface Board {
  /**
   * Changes one entry alone over all processes; null is one that nobody wrote, or that was kept for long enough. Changes that
   * this process makes while another one is under way go together. Rejects with `BoardAway`.
   */
  change<Answer>(key: string, change: Change<Answer>, options: Kept): Promise<Answer>;
}

export interface Kept {
  /** After its last change an entry is kept so long, in milliseconds. */
  keepMs: number;
}
