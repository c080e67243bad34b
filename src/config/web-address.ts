// An http or https address of the environment.

import { z } from "zod";

/** Without a slash at its end. */
export const webAddress = (name: string, example: string) =>
  z
    .url({
      protocol: /^https?$/u,
      error: `${name} must be an http or https address such as ${example}.`,
    })
    .transform((url) => url.replace(/\/+$/u, ""));
