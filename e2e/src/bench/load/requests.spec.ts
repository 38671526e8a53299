import { describe, expect, it } from 'vitest';
import { readLatencies } from './load-process.ts';
import { renderRequests, scattered } from './requests.ts';

describe('requests of a bench', () => {
  it('are complete messages, one after the other', () => {
    expect(renderRequests([{ path: '/a', headers: { apikey: 'k' } }, { path: '/b' }])).toBe(
      'GET /a HTTP/1.1\r\nhost: localhost\r\nuser-agent: bench\r\naccept: */*\r\napikey: k\r\n\r\n' +
        'GET /b HTTP/1.1\r\nhost: localhost\r\nuser-agent: bench\r\naccept: */*\r\n\r\n',
    );
  });

  it.each([1, 2, 10, 1000, 100_000])('name each of %i numbers once, scattered', (count) => {
    const order = scattered(count);
    expect(new Set(order).size).toBe(count);
    expect(Math.max(...order)).toBe(count - 1);
    if (count >= 10) expect(Math.abs((order[1] ?? 0) - (order[0] ?? 0))).toBeGreaterThan(1);
  });
});

describe('latencies of the generator', () => {
  it('are little-endian 32-bit integers, sorted when read', () => {
    const file = Buffer.alloc(12);
    [300, 5, 70_000].forEach((value, index) => file.writeInt32LE(value, index * 4));
    expect([...readLatencies(file)]).toEqual([5, 300, 70_000]);
  });
});
