import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** Records of one name, as a test's name server has them. */
export interface TestRecords {
  readonly a?: readonly string[];
  readonly aaaa?: readonly string[];
  readonly srv?: readonly { readonly name: string; readonly port: number; priority?: number; weight?: number }[];
  /** Seconds; default 60. */
  readonly ttl?: number;
}

/** A name server on a free loopback port, UDP and TCP. */
export interface TestNameServer {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** What it knows; may be changed. Other names do not exist. */
  readonly zone: Map<string, TestRecords>;
  /** `name type` of each question. */
  readonly questions: string[];
  /** How it behaves: `silent` never answers, `broken` says SERVFAIL, `truncates` answers over TCP only. */
  mode: 'well' | 'silent' | 'broken' | 'truncates';
  stop(): Promise<void>;
}

const types = { 1: 'a', 28: 'aaaa', 33: 'srv' } as const;
const headerBytes = 12;

/** Starts a name server with the records given. */
export async function startNameServer(zone: Record<string, TestRecords> = {}): Promise<TestNameServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.on('data', (bytes) => {
      for (let at = 0; at + 2 < bytes.length; at += 2 + bytes.readUInt16BE(at)) {
        const reply = answer(nameServer, bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at)), false);
        if (reply !== null) socket.write(Buffer.concat([uint16(reply.length), reply]));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const udp = createSocket('udp4', (bytes, peer) => {
    const reply = answer(nameServer, bytes, true);
    if (reply !== null) udp.send(reply, peer.port, peer.address);
  });
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve));
  const nameServer: TestNameServer = {
    address: `127.0.0.1:${port}`,
    zone: new Map(Object.entries(zone)),
    questions: [],
    mode: 'well',
    stop: async () => {
      await new Promise<void>((resolve) => udp.close(resolve));
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return nameServer;
}

function answer({ mode, zone, questions }: TestNameServer, query: Buffer, isUdp: boolean): Buffer | null {
  const { name, end } = readName(query);
  const type = types[query.readUInt16BE(end) as keyof typeof types] ?? 'other';
  questions.push(`${name} ${type}`);
  if (mode === 'silent') return null;
  const question = query.subarray(headerBytes, end + 4);
  const head = (flags: number, answers: number) =>
    Buffer.concat([query.subarray(0, 2), uint16(flags), uint16(1), uint16(answers), uint16(0), uint16(0), question]);
  if (mode === 'broken') return head(0x8182, 0);
  if (mode === 'truncates' && isUdp) return head(0x8380, 0);
  const records = zone.get(name);
  if (records === undefined) return head(0x8183, 0);
  const data = dataOf(records, type);
  const ttl = Buffer.alloc(4);
  ttl.writeUInt32BE(records.ttl ?? 60);
  const answers = data.map((bytes) =>
    Buffer.concat([uint16(0xc00c), query.subarray(end, end + 4), ttl, uint16(bytes.length), bytes]),
  );
  return Buffer.concat([head(0x8180, answers.length), ...answers]);
}

function dataOf({ a = [], aaaa = [], srv = [] }: TestRecords, type: string): Buffer[] {
  switch (type) {
    case 'a':
      return a.map((address) => Buffer.from(address.split('.').map(Number)));
    case 'aaaa':
      return aaaa.map(writeAddress6);
    case 'srv':
      return srv.map(({ name, port, priority = 0, weight = 0 }) =>
        Buffer.concat([uint16(priority), uint16(weight), uint16(port), writeName(name)]),
      );
    default:
      return [];
  }
}

function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = headerBytes;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function writeName(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1'));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

function writeAddress6(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const all = [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.concat(all.map(uint16));
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}
