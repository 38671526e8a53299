/** Strings at least this long are written by native code, which has a cost of its own. */
const nativeFrom = 48;

/** Writes text whose characters are all below 256. @returns the offset behind it. */
export function writeAscii(target: Buffer, offset: number, text: string): number {
  const { length } = text;
  if (length >= nativeFrom) return offset + target.write(text, offset, length, 'latin1');
  for (let index = 0; index < length; index++) target[offset + index] = text.charCodeAt(index);
  return offset + length;
}

/** Writes prepared bytes, which costs half of what text costs. @returns the offset behind them. */
export function writeAll(target: Buffer, offset: number, bytes: Buffer): number {
  return writeBytes(target, offset, bytes, 0, bytes.length);
}

const largestSmall = 0x7fff_ffff;

/** Writes a whole number in decimal digits. @returns the offset behind it. */
export function writeInteger(target: Buffer, offset: number, value: number): number {
  let digits = 1;
  for (let bound = 10; value >= bound; bound *= 10) digits++;
  let at = offset + digits;
  let rest = value;
  for (; rest > largestSmall; rest = Math.floor(rest / 10)) target[--at] = 48 + (rest % 10);
  // What fits 31 bits is divided without floating point.
  for (rest |= 0; at > offset; rest = (rest / 10) | 0) target[--at] = 48 + (rest % 10);
  return offset + digits;
}

/** Bytes up to this length are copied in a loop, longer ones by native code. */
const loopUpTo = 40;

/** Copies bytes. @returns the offset behind them. */
export function writeBytes(target: Buffer, offset: number, source: Buffer, start: number, end: number): number {
  const count = end - start;
  if (count > loopUpTo) source.copy(target, offset, start, end);
  else for (let index = 0; index < count; index++) target[offset + index] = source[start + index]!;
  return offset + count;
}
