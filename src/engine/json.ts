// The only values that cross the sandbox border.

/** A JSON value: what scripts, journals and agents exchange. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A JSON object. */
export type JsonObject = { [key: string]: Json };
