// Git's wire format, as far as a server needs it to refuse a push in its own words.

export interface PushCommand {
  before: string;
  after: string;
  ref: string;
}

export interface PushRequest {
  commands: readonly PushCommand[];
  capabilities: readonly string[];
}

/** The commands at the head of a push; the pack behind them is not looked at. */
export function readPush(body: Buffer): PushRequest {
  const commands: PushCommand[] = [];
  let capabilities: string[] = [];
  let at = 0;
  while (at + 4 <= body.length) {
    const length = Number.parseInt(body.toString("latin1", at, at + 4), 16);
    if (!(length >= 4)) break;
    const [line = "", told] = body.toString("utf8", at + 4, at + length).split("\0");
    if (told !== undefined) capabilities = told.trim().split(" ");
    const [before = "", after = "", ...ref] = line.trim().split(" ");
    if (ref.length > 0) commands.push({ before, after, ref: ref.join(" ") });
    at += length;
  }
  return { commands, capabilities };
}

const packet = (content: string | Buffer): Buffer => {
  const bytes = Buffer.from(content);
  const length = (bytes.length + 4).toString(16).padStart(4, "0");
  return Buffer.concat([Buffer.from(length), bytes]);
};

const flush = Buffer.from("0000");

/** The answer to a push of which every ref is refused for one reason. */
export function refuseAll({ commands, capabilities }: PushRequest, reason: string): Buffer {
  const report = Buffer.concat([
    packet("unpack ok\n"),
    ...commands.map(({ ref }) => packet(`ng ${ref} ${reason}\n`)),
    flush,
  ]);
  if (!capabilities.includes("side-band-64k")) return report;
  // A packet holds 65,515 bytes of a band; a report of many refs needs several.
  const bands: Buffer[] = [];
  for (let at = 0; at < report.length; at += 65_000) {
    bands.push(packet(Buffer.concat([Buffer.from([1]), report.subarray(at, at + 65_000)])));
  }
  return Buffer.concat([...bands, flush]);
}
