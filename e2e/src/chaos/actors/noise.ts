import { SeededRandom } from '../random.ts';

const mebibyte = 1024 * 1024;

/** The longest content that {@link noise} gives. */
export const longestNoise = 32 * mebibyte;

const block = makeBlock(mebibyte + 7);
/** Long enough that content of any length is one piece of it, wherever it begins. */
let repeated: Buffer = Buffer.concat([block, block]);

/**
 * The content that belongs to a number: the same in every process, and another at each place, so that a byte that is lost, doubled, swapped
 * or of another answer shows. A view; not to be written to.
 */
export function noise(id: number, length: number): Buffer {
  if (length > longestNoise) throw new RangeError(`there is no noise of ${length} bytes`);
  const start = (id * 7919) % block.length;
  while (repeated.length < start + length) repeated = Buffer.concat([repeated, repeated]);
  return repeated.subarray(start, start + length);
}

function makeBlock(length: number): Buffer {
  const random = new SeededRandom(20_261_127);
  return Buffer.from(Uint8Array.from({ length }, () => random.between(0, 255)));
}
