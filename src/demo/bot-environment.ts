// What of the person's own settings reaches the demo's bot: the model, and the way out of this network.

/** Everything else in the person's environment is of no concern to the bot. */
const PASSED = [
  "PATH",
  "FANFOLD_MODEL",
  ...["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]),
  "NODE_USE_ENV_PROXY",
  "NODE_EXTRA_CA_CERTS",
  "NODE_USE_SYSTEM_CA",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
];
/** The local GitHub and the demo model are reached without any proxy. */
const HERE = "127.0.0.1,localhost,::1";

type Variables = Readonly<Record<string, string | undefined>>;

/** The settings to hand on, those that are not set left out. */
export function passedOn(variables: Variables): Record<string, string> {
  const entries = PASSED.flatMap((name): [string, string][] => {
    const value = variables[name] ?? "";
    return value === "" ? [] : [[name, value]];
  });
  const direct = [variables["no_proxy"] ?? variables["NO_PROXY"] ?? "", HERE]
    .filter((hosts) => hosts !== "")
    .join(",");
  return { ...Object.fromEntries(entries), NO_PROXY: direct, no_proxy: direct };
}

/** How the model is reached when there is a key, else null; and what the person should know of it. */
export function claudeSettings({
  ANTHROPIC_API_KEY: key = "",
  ANTHROPIC_BASE_URL: baseUrl = "",
}: Variables): { env: Record<string, string> | null; notes: string[] } {
  const server = baseUrl.trim() === "" ? {} : { ANTHROPIC_BASE_URL: baseUrl };
  if (key.trim() !== "") {
    const note = "model         Claude, with your ANTHROPIC_API_KEY: this run costs money";
    return { env: { ANTHROPIC_API_KEY: key, ...server }, notes: [note] };
  }
  const ignored =
    "model         ANTHROPIC_BASE_URL is not used: it needs ANTHROPIC_API_KEY beside it";
  return { env: null, notes: "ANTHROPIC_BASE_URL" in server ? [ignored] : [] };
}
