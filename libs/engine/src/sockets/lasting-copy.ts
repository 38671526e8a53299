/**
 * A copy that may be kept for as long as a connection lasts, in memory of its own. What `Buffer.from` and `Buffer.concat` copy shares blocks of
 * 64 KiB with everything else that is small, and the last of a block's tenants keeps all of it: ten thousand idle connections could hold 640 MB.
 */
export function lastingCopy(...parts: readonly Buffer[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const copy = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const part of parts) at += part.copy(copy, at);
  return copy;
}
