// The port to the App as GitHub knows it: what it was given, where its webhooks go, and who has installed it.

/** What somebody granted, by GitHub's names: `contents` is `write`, say. */
export type Granted = Readonly<Record<string, string>>;

export interface RegisteredApp {
  slug: string;
  /** Its page for people. */
  page: string;
  permissions: Granted;
  events: readonly string[];
}

/** Where deliveries go. GitHub never shows the secret. */
export interface Webhook {
  url: string | null;
  contentType: string | null;
  hasSecret: boolean;
  /** GitHub looks at the certificate of the address. */
  isVerified: boolean;
}

export interface Installation {
  id: number;
  /** Login of whoever installed it. */
  account: string;
  isSuspended: boolean;
  permissions: Granted;
  events: readonly string[];
  /** Where its owner changes it. */
  page: string;
}

/** Rejects with `ForgeError` throughout. */
export interface Registration {
  app(): Promise<RegisteredApp>;
  webhook(): Promise<Webhook>;
  /** Pages are read on demand, so a caller may stop early. */
  installations(): AsyncIterable<Installation>;
  installation(id: number): Promise<Installation>;
  /** GitHub's own clock, in milliseconds since 1970, to the second; also from an answer that refuses us. */
  time(): Promise<number>;
}
