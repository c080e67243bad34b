// How many people speak at once, and in how many installations.

export interface DeliveriesSizes {
  installations: number;
  /** In each, one issue and one comment each. */
  comments: number;
  /** The same again, so that memory can be seen to stay. */
  rounds: number;
}

/** 200 deliveries at once. GitHub asks for ten writes in ten seconds at most of one installation. */
export const fullDeliveriesSizes: DeliveriesSizes = { installations: 20, comments: 10, rounds: 3 };
export const quickDeliveriesSizes: DeliveriesSizes = { installations: 2, comments: 2, rounds: 1 };
