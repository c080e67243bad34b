// Whether work under way may still act: asked in the moment in which something leaves, however deep below whoever began it.

import { AsyncLocalStorage } from "node:async_hooks";

/** Resolves while the work is ours; rejects when somebody else may have been handed it. */
export type Permit = () => Promise<void>;

const permits = new AsyncLocalStorage<Permit>();

/** Does `work`; whatever it sends asks `permit` first. */
export const acting = <T>(permit: Permit, work: () => Promise<T>): Promise<T> =>
  permits.run(permit, work);

/** Does `work` on its own account: for what goes on when whoever began it is done. */
export const apart = <T>(work: () => T): T => permits.exit(work);

/** The permit of the work that asks; null when it needs none. */
export const permitNow = (): Permit | null => permits.getStore() ?? null;
