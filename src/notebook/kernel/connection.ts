/** @file The connection file, by which a front end says where a kernel is to listen. */
import { readFile } from "node:fs/promises";

const channels = ["shell", "control", "stdin", "iopub", "hb"] as const;

/** The name of a socket. */
export type Channel = (typeof channels)[number];

/** Where to listen, and the key that signs messages. */
export interface Connection {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  /** The digest of the signatures, as node:crypto names it. */
  readonly digest: string;
  readonly ports: Readonly<Record<Channel, number>>;
}

/** A connection file that says too little. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}

/** Reads a connection file. Throws ConnectionError if it is none. */
export async function readConnection(path: string): Promise<Connection> {
  const text = await readFile(path, "utf8");
  const fields = parse(text, path);
  const field = (name: string, fallback: string): string => {
    const value = fields[name] ?? fallback;
    if (typeof value === "string") return value;
    throw new ConnectionError(`${path}: ${name} must be a string, got ${JSON.stringify(value)}`);
  };
  const scheme = field("signature_scheme", "hmac-sha256");
  if (!scheme.startsWith("hmac-")) throw new ConnectionError(`${path}: unknown signature scheme ${scheme}`);
  return {
    transport: field("transport", "tcp"),
    ip: field("ip", "127.0.0.1"),
    key: field("key", ""),
    digest: scheme.slice("hmac-".length),
    ports: Object.fromEntries(
      channels.map((channel) => [channel, portOf(fields, channel, path)]),
    ) as Connection["ports"],
  };
}

function parse(text: string, path: string): Record<string, unknown> {
  try {
    const fields: unknown = JSON.parse(text);
    if (fields !== null && typeof fields === "object") return fields as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new ConnectionError(`${path}: a connection file is a JSON object`);
}

function portOf(fields: Record<string, unknown>, channel: Channel, path: string): number {
  const port = fields[`${channel}_port`];
  if (Number.isInteger(port) && Number(port) >= 0) return Number(port);
  throw new ConnectionError(`${path}: ${channel}_port must be a port number, got ${JSON.stringify(port)}`);
}

/** The address of a socket. */
export function addressOf({ transport, ip, ports }: Connection, channel: Channel): string {
  const separator = transport === "ipc" ? "-" : ":";
  return `${transport}://${ip}${separator}${ports[channel]}`;
}
