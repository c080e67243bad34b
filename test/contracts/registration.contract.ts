// What every registration promises: the App as it is now, asked anew each time.

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Registration } from "../../src/world/registration.ts";

export interface OpenedRegistration {
  registration: Registration;
  /** The installation that there is, of `acme`. */
  installationId: number;
  /** Its owner suspends it and takes everything but `metadata` back. */
  suspend: () => void;
  /** What the clock of the one who plays GitHub says. */
  now: () => number;
  close: () => Promise<void>;
}

export function registrationContract(name: string, open: () => Promise<OpenedRegistration>): void {
  describe(`registration: ${name}`, () => {
    let opened: OpenedRegistration;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it("tells which App this is, what it asks for, and where deliveries go", async () => {
      const { registration } = opened;
      const app = await registration.app();
      expect(app).toMatchObject({ slug: "fanfold", permissions: { contents: "write" } });
      expect(app.events).toContain("issue_comment");
      expect(app.page).toContain("/apps/fanfold");
      expect(await registration.webhook()).toMatchObject({
        url: expect.stringMatching(/^https?:/),
        contentType: "json",
        hasSecret: true,
        isVerified: true,
      });
    });

    it("tells the time", async () => {
      const time = await opened.registration.time();
      expect(Math.abs(time - opened.now())).toBeLessThan(30_000);
    });

    it("tells who installed it, and what they take back", async () => {
      const { registration, installationId: id, suspend } = opened;
      const listed = async () => {
        for await (const each of registration.installations()) return each;
        return null;
      };
      const before = await registration.installation(id);
      expect(before).toMatchObject({ id, account: "acme", isSuspended: false });
      expect(before.permissions).toMatchObject({ contents: "write" });
      expect(await listed()).toEqual(before);
      suspend();
      const after = { isSuspended: true, permissions: { metadata: "read" } };
      expect(await registration.installation(id)).toMatchObject(after);
      expect(await listed()).toMatchObject(after);
    });

    it("says not-found of an installation that is not there", async () => {
      const asked = opened.registration.installation(999_999);
      await expect(asked).rejects.toMatchObject({ name: "ForgeError", kind: "not-found" });
    });
  });
}
