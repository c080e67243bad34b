// The port to an App that was just made at GitHub: its secrets are given once, for a code.

/** GitHub shows key and secret this one time. */
export interface NewApp {
  id: number;
  slug: string;
  name: string;
  /** Login of whoever owns it. */
  owner: string;
  /** Its page for people. */
  page: string;
  /** PEM. */
  privateKey: string;
  /** Null where GitHub made none: then somebody has to set one there. */
  webhookSecret: string | null;
}

/** Rejects with `ForgeError`: `not-found` for a code that was used, or is older than an hour. */
export type ConvertCode = (code: string) => Promise<NewApp>;

/** Logins of those who installed it. Rejects with `ForgeError`. */
export type InstalledOn = (app: Pick<NewApp, "id" | "privateKey">) => Promise<readonly string[]>;
