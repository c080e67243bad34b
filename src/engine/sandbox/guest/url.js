// A URL that only parses absolute addresses: no network, nothing to change, the same on every machine.

import {
  defineProperty,
  escapeCharacter,
  exec,
  freeze,
  join,
  push,
  replace,
  split,
  text,
  toLower,
} from "./primordials.js";

const PORTS = { __proto__: null, http: "80", https: "443", ws: "80", wss: "443", ftp: "21" };
const ADDRESS =
  /^([^/?#]*@)?(\[[0-9a-f:.]+\]|[a-z0-9._~!$&'()*+,;=-]+)(?::(\d{0,5}))?([/\\][^?#]*)?(\?[^#]*)?(#[^]*)?$/i;
const OPAQUE = /^([^?#]*)(\?[^#]*)?(#[^]*)?$/;

/** Gives a script `URL`: `new URL(address)` with its usual parts to read; throws TypeError for anything else. */
export function defineUrl() {
  function URL(address, base) {
    if (new.target === undefined) throw new TypeError("URL is made with new: new URL(address)");
    if (base !== undefined) throw new TypeError("URL takes one absolute address here, no base");
    const parts = parseUrl(text(address));
    if (parts === null) throw new TypeError(`Invalid URL: ${text(address)}`);
    for (const name in parts) defineProperty(this, name, { value: parts[name], enumerable: true });
    freeze(this);
  }
  const write = {
    value() {
      return this.href;
    },
  };
  defineProperty(URL.prototype, "toString", write);
  defineProperty(URL.prototype, "toJSON", write);
  defineProperty(URL, "canParse", { value: (address) => parseUrl(text(address)) !== null });
  defineProperty(globalThis, "URL", { value: URL, writable: true, configurable: true });
}

function parseUrl(address) {
  const clean = replace(replace(address, /^[\0- ]+|[\0- ]+$/g, ""), /[\t\n\r]/g, "");
  const found = exec(/^([a-z][a-z0-9+.-]*):([^]*)$/i, clean);
  if (found === null) return null;
  const scheme = toLower(found[1]);
  return PORTS[scheme] === undefined ? opaque(scheme, found[2]) : special(scheme, found[2]);
}

function special(scheme, rest) {
  const found = exec(ADDRESS, replace(rest, /^[/\\]*/, ""));
  if (found === null) return null;
  const [, user = "", name, number = "", path = "/", search = "", hash = ""] = found;
  const hostname = toLower(name);
  if (Number(number) > 65_535 || (looksNumeric(hostname) && !isAddress(hostname))) return null;
  const port = readPort(scheme, number);
  const host = port === "" ? hostname : `${hostname}:${port}`;
  const { username, password, login } = readLogin(user);
  const origin = `${scheme}://${host}`;
  const pathname = straighten(path);
  const parts = { username, password, host, hostname, port, origin, pathname, search, hash };
  return whole(`${scheme}:`, `//${login}${host}`, parts);
}

function readPort(scheme, number) {
  const port = number === "" ? "" : text(Number(number));
  return port === PORTS[scheme] ? "" : port;
}

function looksNumeric(hostname) {
  return exec(/^[\d.]*\d$|\.0x[\da-f]*$/, hostname) !== null;
}

function readLogin(user) {
  const found = exec(/^([^:]*)(?::([^]*))?@$/, user);
  const username = escapeText(found?.[1] ?? "", IN_LOGIN);
  const password = escapeText(found?.[2] ?? "", IN_LOGIN);
  if (username === "" && password === "") return { username, password, login: "" };
  const login = password === "" ? `${username}@` : `${username}:${password}@`;
  return { username, password, login };
}

function opaque(scheme, rest) {
  // With an authority such addresses mean too many things; none was seen in a script.
  if (exec(/^\/\//, rest) !== null) return null;
  const [, pathname, search = "", hash = ""] = exec(OPAQUE, rest);
  const none = { username: "", password: "", host: "", hostname: "", port: "", origin: "null" };
  return whole(`${scheme}:`, "", { ...none, pathname, search, hash });
}

// What each part may not hold as it is; beyond ASCII nothing may.
const IN_LOGIN = /[^!$-.0-9A-Z_a-z~]/gu;
const IN_PATH = /[^!$-;=@-\]_a-z|~]/gu;
const IN_SEARCH = /[^!#-&(-;=?-~]/gu;
const IN_HASH = /[^!#-;=?-_a-~]/gu;

function whole(protocol, authority, parts) {
  const pathname = escapeText(parts.pathname, IN_PATH);
  const search = escapeText(parts.search, IN_SEARCH);
  const hash = escapeText(parts.hash, IN_HASH);
  const href = `${protocol}${authority}${pathname}${search}${hash}`;
  const shown = { search: search === "?" ? "" : search, hash: hash === "#" ? "" : hash };
  return { __proto__: null, href, protocol, ...parts, pathname, ...shown };
}

function escapeText(value, others) {
  return replace(value, others, (character) => {
    if (character === "%") return "%";
    return character === "'" ? "%27" : escapeCharacter(character);
  });
}

// Backslashes are slashes, `.` stays where it is, `..` goes one up.
function straighten(path) {
  const steps = split(replace(path, /\\/g, "/"), "/");
  const kept = [];
  for (let index = 1; index < steps.length; index += 1) {
    const step = toLower(replace(steps[index], /%2e/gi, "."));
    const isLast = index === steps.length - 1;
    if (step === "..") kept.length = kept.length > 0 ? kept.length - 1 : 0;
    if (step !== "." && step !== "..") push(kept, steps[index]);
    else if (isLast) push(kept, "");
  }
  return `/${join(kept, "/")}`;
}

function isAddress(hostname) {
  const numbers = split(hostname, ".");
  if (numbers.length !== 4) return false;
  for (let index = 0; index < 4; index += 1) {
    if (exec(/^(0|[1-9]\d{0,2})$/, numbers[index]) === null || Number(numbers[index]) > 255)
      return false;
  }
  return true;
}
