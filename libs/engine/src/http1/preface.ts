const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** Whether what stands between `start` and `end` begins with the connection preface of HTTP/2 (RFC 9113, 3.4), or may still become it. */
export function lookForPreface(bytes: Buffer, start: number, end: number): 'whole' | 'begun' | 'other' {
  const length = Math.min(preface.length, end - start);
  if (preface.compare(bytes, start, start + length, 0, length) !== 0) return 'other';
  return length === preface.length ? 'whole' : 'begun';
}
