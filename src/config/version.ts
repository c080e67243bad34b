// Which Fanfold this is.

import manifest from "../../package.json" with { type: "json" };

/** The version people see in `/workflow version` and in the log. */
export const version: string = manifest.version;
