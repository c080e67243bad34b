// The port to GitHub's own log of the webhooks it sent us.

/** One attempt to deliver; a delivery that is sent again is another attempt under the same `guid`. */
export interface Attempt {
  id: number;
  guid: string;
  /** When it was sent, in milliseconds since 1970. */
  at: number;
  /** We answered it with success. */
  isDelivered: boolean;
  /** GitHub's words on how it went, such as `Invalid HTTP Response: 401`. */
  said?: string;
  event: string;
  action: string | null;
}

export interface Deliveries {
  /** Newest first; pages are read on demand, so a caller may stop early. Rejects with `ForgeError`. */
  attempts(): AsyncIterable<Attempt>;
  /** Asks for one more attempt with the same content; it comes like any delivery. Rejects with `ForgeError`. */
  redeliver(attempt: Attempt): Promise<void>;
}
