import { SeededRandom } from '../random.ts';
import { odd, usual } from './grammar.ts';

/** One input: what a client sends, and at which offsets it is cut into segments. */
export interface DiffCase {
  readonly bytes: Buffer;
  readonly cuts: readonly number[];
}

const specialBytes = [
  0x00, 0x09, 0x0a, 0x0b, 0x0d, 0x20, 0x22, 0x23, 0x2c, 0x2b, 0x2d, 0x30, 0x3a, 0x3b, 0x7f, 0x80, 0xff,
];
const specialTexts = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  ' ',
  '\t',
  ':',
  '0\r\n\r\n',
  'chunked',
  'Content-Length: 0\r\n',
  'Transfer-Encoding: chunked\r\n',
];

/** The case of this number; the same seed and number always make the same one. */
export function caseOf(seed: number, number: number): DiffCase {
  const random = new SeededRandom(seed + Math.imul(number + 1, 0x9e3779b1));
  // The first numbers of neighbouring seeds are alike.
  for (let skipped = 0; skipped < 4; skipped += 1) random.next();
  const count = random.next() < 0.5 ? 1 : random.between(2, 3);
  const texts = Array.from({ length: count }, (_, index) => requestText(random, index));
  let bytes: Buffer = Buffer.from(texts.join(''), 'latin1');
  if (random.next() < 0.4) {
    for (let left = random.between(1, 3); left > 0; left -= 1) bytes = mutated(bytes, random);
  }
  return { bytes, cuts: cutsOf(bytes.length, random) };
}

/** The pieces in which the bytes are sent. */
export function piecesOf({ bytes, cuts }: DiffCase): Buffer[] {
  const bounds = [0, ...cuts, bytes.length];
  return bounds
    .slice(1)
    .map((end, index) => bytes.subarray(bounds[index], end))
    .filter(({ length }) => length > 0);
}

function pick<T>(random: SeededRandom, [first, ...others]: readonly [T, ...T[]]): T {
  return others[random.between(0, others.length) - 1] ?? first;
}

/** A right request, or one with one odd part. */
function requestText(random: SeededRandom, index: number): string {
  const oddPart = random.next() < 0.5 ? null : pick(random, odd.parts);
  const part = (name: (typeof odd.parts)[number], right: string): string =>
    oddPart === name ? pick(random, odd[name]) : right;
  const method = part('methods', pick(random, usual.methods));
  const target = part('targets', `/r${index}${pick(random, usual.targets)}`);
  const version = part('versions', random.next() < 0.9 ? 'HTTP/1.1' : 'HTTP/1.0');
  const line = oddPart === 'lines' ? pick(random, odd.lines) : `${method} ${target} ${version}`;
  const host = part('hosts', 'Host: diff.test\r\n');
  const fields = part('fields', pick(random, usual.fields));
  const framed = part('bodies', pick(random, usual.bodies));
  return `${line}\r\n${random.shuffled([host, fields]).join('')}${framed}`;
}

function mutated(bytes: Buffer, random: SeededRandom): Buffer {
  const at = random.between(0, bytes.length);
  const length = random.between(1, 8);
  const before = bytes.subarray(0, at);
  const after = bytes.subarray(at);
  switch (random.between(0, 6)) {
    case 0:
      return Buffer.concat([before, Buffer.from([pick(random, [0, ...specialBytes])]), after]);
    case 1:
      return Buffer.concat([before, Buffer.from([pick(random, [0, ...specialBytes])]), after.subarray(1)]);
    case 2:
      return Buffer.concat([before, Buffer.from(pick(random, ['\r\n', ...specialTexts])), after]);
    case 3:
      return Buffer.concat([before, after.subarray(length)]);
    case 4:
      return Buffer.concat([before, after.subarray(0, length), after]);
    case 5:
      return Buffer.concat([before, Buffer.from([(after[0] ?? 0) ^ (1 << random.between(0, 7))]), after.subarray(1)]);
    default:
      return random.next() < 0.3 ? Buffer.from(before) : Buffer.from(bytes);
  }
}

function cutsOf(length: number, random: SeededRandom): number[] {
  if (random.next() < 0.5) return [];
  const cuts = Array.from({ length: random.between(1, 4) }, () => random.between(1, Math.max(1, length - 1)));
  return [...new Set(cuts)].filter((cut) => cut < length).sort((a, b) => a - b);
}
