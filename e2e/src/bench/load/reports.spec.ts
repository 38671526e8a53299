import { describe, expect, it } from 'vitest';
import { parseH2load } from './h2load.ts';
import { parseWrk } from './wrk.ts';

const wrkText = `Running 4s test @ https://localhost:18002/x
  1 threads and 64 connections
Requests/sec:  11683.41
`;

describe('the report of wrk', () => {
  it('gives the answers when all were right', () => {
    expect(parseWrk(`${wrkText}{"done":46986,"wrong":0,"lost":0}\n`)).toEqual({ done: 46_986 });
  });

  it.each([
    ['a wrong answer', '{"done":46986,"wrong":1,"lost":0}'],
    ['a lost request', '{"done":46986,"wrong":0,"lost":2}'],
    ['no answer', '{"done":0,"wrong":0,"lost":0}'],
    ['no report', 'Requests/sec: 0'],
  ])('is refused when there was %s', (_, line) => {
    expect(() => parseWrk(`${wrkText}${line}\n`)).toThrow('wrong answers or none');
  });
});

const h2load = ({ done = 1000, failed = 0, status4xx = 0, data = 1_024_000, protocol = 'h2' } = {}) => `
TLS Protocol: TLSv1.3
Cipher: TLS_AES_128_GCM_SHA256
Application protocol: ${protocol}
finished in 4.01s, 250 req/s, 20.96MB/s
requests: ${done} total, ${done + 64} started, ${done} done, ${done - failed} succeeded, ${failed} failed, 0 errored, 0 timeout
status codes: ${done - status4xx} 2xx, 0 3xx, ${status4xx} 4xx, 0 5xx
traffic: 83.86MB (87931426) total, 7.93MB (8313789) headers (space savings 0.00%), 73.14MB (${data}) data
`;

describe('the report of h2load', () => {
  it('gives the answers when all were right', () => {
    expect(parseH2load(h2load(), 64)).toEqual({ done: 1000 });
    expect(parseH2load(h2load({ data: 1_024_000 + 700 }), 64)).toEqual({ done: 1000 });
  });

  it.each([
    ['a failed request', h2load({ failed: 1 })],
    ['a refused request', h2load({ status4xx: 1 })],
    ['a short body', h2load({ data: 1_023_999 })],
    ['a long body', h2load({ data: 2_048_000 })],
    ['no answer', h2load({ done: 0, data: 0 })],
  ])('is refused when there was %s', (_, report) => {
    expect(() => parseH2load(report, 64)).toThrow('wrong answers or none');
  });

  it('is refused when another protocol was spoken, or it is no report', () => {
    expect(() => parseH2load(h2load({ protocol: 'http/1.1' }), 64)).toThrow('does not speak HTTP/2');
    expect(() => parseH2load('nothing', 64)).toThrow('not a report');
  });
});
