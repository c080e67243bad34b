// One request to the API and its answer, for whoever wants to hold them against GitHub's contract.

export interface Exchange {
  request: {
    method: string;
    /** Without the query. */
    path: string;
    query: Record<string, string | string[]>;
    /** The parsed body; null when there was none. */
    body: unknown;
    headers: Record<string, string>;
  };
  response: { status: number; body: unknown; headers: Record<string, string> };
  /** Who asked: `app`, `installation`, a login, or `anonymous`. */
  actor: string;
}
