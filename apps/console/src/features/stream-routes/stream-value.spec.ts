import { describe, expect, it } from 'vitest';
import { blankStreamRoute, findMissing } from './stream-value.ts';

const to = (nodes: unknown, scheme = 'tcp') => ({ upstream: { scheme, nodes } });

describe('what a stream route needs', () => {
  it('is a target, whichever kind', () => {
    expect(findMissing({ server_port: 5432 })?.reason).toBe('target');
    expect(findMissing({ upstream_id: 'db' })).toBeUndefined();
    expect(findMissing({ service_id: 'db' })).toBeUndefined();
  });

  it('is at least one server, each with a port', () => {
    expect(findMissing(blankStreamRoute)?.reason).toBe('nodes');
    expect(findMissing(to([]))?.reason).toBe('nodes');
    expect(findMissing(to([{ host: 'db', weight: 1 }]))?.reason).toBe('ports');
    expect(findMissing(to([{ host: 'db', port: 5432, weight: 1 }]))).toBeUndefined();
    expect(findMissing(to({ 'db:5432': 1 }))).toBeUndefined();
  });

  it('is no server name over UDP, which has none', () => {
    const route = { ...to({ 'dns:53': 1 }, 'udp'), sni: 'dns.example.com' };
    expect(findMissing(route)).toEqual({ pointer: '/sni', reason: 'udpNames' });
  });
});
