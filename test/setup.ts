// What holds in every test: network is off but for loopback, and generated inputs are the same in every run.

import * as fc from "fast-check";
import nock from "nock";
import * as z from "zod";

nock.disableNetConnect();
nock.enableNetConnect(/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/);

/** A red build has to mean that this change broke something, so inputs are drawn from one seed. `FUZZ_SEED=random npm test` looks for new ones, a number repeats what it found. */
const SEED = 20_260_704;

const asked = z
  .union(
    [z.literal("random"), z.coerce.number().int()],
    "FUZZ_SEED is a whole number, or the word random.",
  )
  .parse(process.env["FUZZ_SEED"] ?? SEED);
if (asked !== "random") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: asked });
