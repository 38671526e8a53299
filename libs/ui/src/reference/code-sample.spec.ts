import { describe, expect, it } from 'vitest';
import { sampleOf } from './code-sample.ts';

const call = {
  method: 'POST',
  url: "https://api.example/it's",
  headers: [{ name: 'apikey', value: 'K' }],
  body: '{"a":"it\'s"}',
};

describe('a sample of a call', () => {
  it('is quoted so that a shell changes nothing', () => {
    expect(sampleOf('curl', call)).toBe(
      String.raw`curl 'https://api.example/it'\''s' \
  -H 'apikey: K' \
  --data-raw '{"a":"it'\''s"}'`,
    );
  });

  it('names the method only where it must', () => {
    expect(sampleOf('curl', { ...call, method: 'GET', body: undefined })).not.toContain('-X');
    expect(sampleOf('curl', { ...call, method: 'DELETE', body: undefined })).toContain('-X DELETE');
  });

  it('is JavaScript and Python with every value as a literal', () => {
    expect(sampleOf('javascript', call)).toContain(String.raw`body: "{\"a\":\"it's\"}"`);
    expect(sampleOf('python', call)).toContain(String.raw`data="{\"a\":\"it's\"}".encode()`);
  });
});
