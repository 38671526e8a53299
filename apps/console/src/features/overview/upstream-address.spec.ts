import { expect, it } from 'vitest';
import { idFrom, readUpstreamAddress } from './upstream-address.ts';

it('an address says scheme, host, port and path', () => {
  expect(readUpstreamAddress(' https://api.example.com/v1/ ')).toEqual({
    scheme: 'https',
    node: { host: 'api.example.com', port: 443, weight: 1 },
    path: '/v1',
  });
  expect(readUpstreamAddress('http://127.0.0.1:7070')).toMatchObject({ node: { port: 7070 }, path: '' });
});

it('what no gateway can call is no address', () => {
  expect(['api.example.com', 'ftp://x', 'http://', 'http://me:secret@x', ''].map(readUpstreamAddress)).toEqual(
    Array.from({ length: 5 }, () => undefined),
  );
});

it('a name becomes an id', () => {
  expect(idFrom('Orders  API (v2)')).toBe('orders-api-v2');
  expect(idFrom('订单')).toBe('');
});
