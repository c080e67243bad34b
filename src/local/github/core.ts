// What every part of the local GitHub works with: the settings, the state, and a few ways to act as a person.

import type { KeyObject } from "node:crypto";

import type { Ci } from "./ci.ts";
import type { Exchange } from "./exchange.ts";
import type { Faults } from "./faults.ts";
import type { Gestures } from "./gestures.ts";
import type { Account, Delivery, Permissions, State } from "./state.ts";

export interface AppSettings {
  id: number;
  slug: string;
  name: string;
  description: string;
  /** Whether others than its owner may install it. */
  isPublic: boolean;
  /** PEM, PKCS#8. */
  privateKey: string;
  publicKey: KeyObject;
  webhookSecret: string;
  /** Null: nothing is delivered. */
  webhookUrl: string | null;
  /** Where people are sent who installed it; null: to its page. */
  setupUrl: string | null;
  permissions: Permissions;
  events: readonly string[];
  owner: Account;
  bot: Account;
  createdAt: string;
}

/** Id of what stands where there is no App. */
export const NO_APP = 0;

export const hasApp = ({ app }: Pick<GitHubCore, "app">): boolean => app.id !== NO_APP;

export interface RepositoryName {
  owner: string;
  name: string;
}

export interface Said {
  /** Login of who speaks. */
  as: string;
  body: string;
}

export interface GitHubCore {
  /** Another one, once a person made it from a manifest. */
  app: AppSettings;
  readonly state: State;
  readonly faults: Faults;
  readonly dataDir: string;
  /** What looks at branches that are pushed; null: nothing. */
  readonly ci: Ci | null;
  /** `http://127.0.0.1:<port>`, no slash at the end. */
  readonly url: string;
  readonly onExchange: (exchange: Exchange) => void;
  /** Webhooks on their way and other work that goes on after an answer. */
  readonly background: Background;
  /** Comments as if the person had typed it in the page. Rejects when the thread or the person is not there. */
  comment(
    repository: RepositoryName,
    number: number,
    said: Said,
  ): Promise<{ id: number; url: string }>;
  createIssue(
    repository: RepositoryName,
    issue: Said & { title: string },
  ): Promise<{ number: number; url: string }>;
  /** What people do without words. */
  readonly gestures: Gestures;
  /** Sends a delivery again with the same GUID. Resolves to the new attempt when it has ended. */
  redeliver(deliveryId: number): Promise<Delivery>;
}

export interface Background {
  run(work: Promise<void>): void;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
  settled(): Promise<void>;
}
