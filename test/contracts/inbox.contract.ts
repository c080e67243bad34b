// What every inbox promises.

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type Inbox, InboxFull, type Letter } from "../../src/world/inbox.ts";

export interface OpenedInbox {
  inbox: Inbox;
  close(): Promise<void>;
}

/** A command in comment `id` of one repository, said at `at`. */
export function letter(id: number, { at = id, body = "/workflow help" } = {}): Letter {
  return {
    at,
    event: {
      source: "comment",
      key: String(id),
      place: null,
      repository: { installationId: 1, repositoryId: 2, owner: "acme", name: "site" },
      thread: 3,
      isPullRequest: false,
      comment: {
        id,
        body,
        authorId: 4,
        authorLogin: "ada",
        authorType: "User",
        viaApp: false,
      },
      sender: { id: 4, login: "ada", type: "User" },
      delivery: `delivery-${id}`,
    },
  };
}

export function inboxContract(
  name: string,
  open: (limits: { lettersMax: number }) => Promise<OpenedInbox>,
): void {
  describe(`inbox: ${name}`, () => {
    let opened: OpenedInbox;
    let inbox: Inbox;
    beforeEach(async () => {
      opened = await open({ lettersMax: 3 });
      ({ inbox } = opened);
    });
    afterEach(() => opened.close());

    it("gives back what was kept, oldest first, to the last character", async () => {
      const odd = letter(7, { at: 1, body: '/workflow fix „ü🎉"\\\n\u0000\u2028' });
      await inbox.keep(letter(5, { at: 2 }));
      await inbox.keep(odd);
      expect(await inbox.letters()).toEqual([odd, letter(5, { at: 2 })]);
    });

    it("keeps one comment once, as it came first", async () => {
      await Promise.all([inbox.keep(letter(5, { at: 1 })), inbox.keep(letter(5, { at: 9 }))]);
      await inbox.keep(letter(5, { at: 9 }));
      expect(await inbox.letters()).toEqual([letter(5, { at: 1 })]);
    });

    it("forgets what was removed, and may be asked to twice", async () => {
      await inbox.keep(letter(5));
      await inbox.keep(letter(6));
      await inbox.remove(letter(5));
      await inbox.remove(letter(5));
      expect(await inbox.letters()).toEqual([letter(6)]);
    });

    it("refuses what is too many, keeps the rest, and has room again after a removal", async () => {
      const keeping = [1, 2, 3, 4].map((id) => inbox.keep(letter(id)));
      const ends = await Promise.allSettled(keeping);
      expect(ends.map(({ status }) => status).toSorted()).toEqual([
        "fulfilled",
        "fulfilled",
        "fulfilled",
        "rejected",
      ]);
      await expect(inbox.keep(letter(5))).rejects.toThrow(InboxFull);
      const [first] = await inbox.letters();
      if (first !== undefined) await inbox.remove(first);
      await inbox.keep(letter(5));
      expect(await inbox.letters()).toHaveLength(3);
    });
  });
}
