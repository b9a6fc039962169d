/** @file Messages of the Jupyter protocol as they go over the wire: signed, in frames. */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The version of the protocol that is spoken. */
export const protocolVersion = "5.3";

export type Content = Record<string, unknown>;

/** What every message begins with. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

/** A message that came, or one that is sent. */
export interface Message {
  /** The sender's address, or the topic where it goes to all. */
  readonly identities: readonly Buffer[];
  readonly header: Header;
  readonly parentHeader: Partial<Header>;
  readonly metadata: Content;
  readonly content: Content;
}

/** A message that is not one, or whose signature is wrong. */
export class MalformedMessage extends Error {
  override readonly name = "MalformedMessage";
}

const delimiter = Buffer.from("<IDS|MSG>");
/** Header, parent header, metadata and content: what the signature covers. */
const signedFrames = 4;

const isObject = (value: unknown): value is Content =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** Turns messages into frames and back. */
export class MessageCodec {
  readonly session = randomUUID();

  constructor(
    private readonly key: string,
    private readonly digest: string,
  ) {}

  /** A message of ours; `parent` is the header of the request it belongs to. */
  create(type: string, content: Content, parent: Partial<Header>, identities: readonly Buffer[]): Message {
    const header: Header = {
      msg_id: randomUUID(),
      msg_type: type,
      session: this.session,
      username: "kernel",
      date: new Date().toISOString(),
      version: protocolVersion,
    };
    return { identities, header, parentHeader: parent, metadata: {}, content };
  }

  encode({ identities, header, parentHeader, metadata, content }: Message): Buffer[] {
    const parts = [header, parentHeader, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
    return [...identities, delimiter, Buffer.from(this.sign(parts)), ...parts];
  }

  /** Throws MalformedMessage for frames that are no message, or not signed with our key. */
  decode(frames: readonly Buffer[]): Message {
    const at = frames.findIndex((frame) => frame.equals(delimiter));
    if (at < 0) throw new MalformedMessage("no delimiter between addresses and message");
    const signature = frames[at + 1];
    const parts = frames.slice(at + 2, at + 2 + signedFrames);
    if (signature === undefined || parts.length < signedFrames) throw new MalformedMessage("too few frames");
    this.verify(signature, parts);
    const [header, parentHeader, metadata, content] = parts.map(parsePart);
    for (const field of ["msg_id", "msg_type"]) {
      if (typeof header![field] !== "string") throw new MalformedMessage(`the header has no ${field}`);
    }
    return {
      identities: frames.slice(0, at),
      header: header as unknown as Header,
      parentHeader: parentHeader!,
      metadata: metadata!,
      content: content!,
    };
  }

  private sign(parts: readonly Buffer[]): string {
    if (this.key === "") return "";
    const hmac = createHmac(this.digest, this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  private verify(signature: Buffer, parts: readonly Buffer[]): void {
    const expected = Buffer.from(this.sign(parts));
    const isRight = signature.length === expected.length && timingSafeEqual(signature, expected);
    if (!isRight && this.key !== "") throw new MalformedMessage("the signature is wrong");
  }
}

function parsePart(frame: Buffer): Content {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString("utf8"));
  } catch {
    throw new MalformedMessage("a frame is not JSON");
  }
  if (isObject(value)) return value;
  throw new MalformedMessage("a frame is not a JSON object");
}
