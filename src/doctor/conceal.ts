// Takes every secret of the environment out of a text, whatever it is the secret of.

const SECRET_NAME = /KEY|SECRET|TOKEN|PASSWORD|CREDENTIAL|PROXY/iu;
/** Shorter values, such as a switch or a port, would be found everywhere. */
const SECRET_CHARS = 6;

/** Values of variables with a telling name, line by line: a key in PEM form may be quoted in part. */
export function concealing(
  variables: Readonly<Record<string, string | undefined>>,
): (text: string) => string {
  const secrets = Object.entries(variables)
    .filter(([name]) => SECRET_NAME.test(name))
    .flatMap(([, value = ""]) => [value, ...value.split(/\n|\\n/u)])
    .map((secret) => secret.trim())
    .filter((secret) => secret.length >= SECRET_CHARS && !secret.startsWith("-----"))
    .toSorted((one, other) => other.length - one.length);
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, "[redacted]"), text);
}
