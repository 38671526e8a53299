import { expect, it } from 'vitest';
import { textBytes } from './text-bytes.ts';

it('a text is as long as the file that it stands in, in whatever language it is', async () => {
  for (const text of ['', 'openapi: 3.1.0\n', 'naïve', '客户的接口', '🙂']) {
    expect(textBytes(text)).toBe(new Blob([text]).size);
    expect(textBytes(text)).toBe(Buffer.byteLength(text));
  }
  expect(textBytes('客户')).toBe(6);
});
