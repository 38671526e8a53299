import { describe, expect, it } from 'vitest';
import { canonicalRange } from './address-range.ts';
import { findStreamFaults } from './find-stream-faults.ts';
import type { StreamRouteRow } from './stream-route-state.ts';

const nodes = { 'a:1': 1 };
const row = (id: string, value: Record<string, unknown>, needs: Partial<StreamRouteRow> = {}): StreamRouteRow => ({
  id,
  value: { ...(Object.keys(needs).length === 0 ? { upstream: { nodes } } : {}), ...value },
  upstream: null,
  service: null,
  serviceUpstream: null,
  ...needs,
});
const faultsOf = (...rows: StreamRouteRow[]) =>
  findStreamFaults(rows).map(({ id, reason, field }) => `${id} ${reason} ${field}`);

describe('stream routes that take the same connections', () => {
  it.each([
    ['a port', { server_port: 1 }, { server_port: 1 }, 'server_port'],
    ['a server name', { sni: 'a.test', server_port: 1 }, { sni: 'a.test', server_port: 1 }, 'sni'],
    ['everything', {}, {}, 'upstream'],
    ['clients', { remote_addr: '10.0.0.0/8' }, { remote_addr: '10.9.9.9/8' }, 'remote_addr'],
    ['an address', { server_addr: '::1' }, { server_addr: '0:0::1/128' }, 'server_addr'],
  ])('are found, each with its field: %s', (_what, one, other, field) => {
    expect(faultsOf(row('a', one), row('b', other))).toEqual([`a conflict ${field}`, `b conflict ${field}`]);
  });

  it.each([
    ['ports', { server_port: 1 }, { server_port: 2 }],
    ['a port and any port', { server_port: 1 }, {}],
    ['server names', { sni: 'a.test' }, { sni: '*.test' }],
    ['a server name and none', { server_port: 1, sni: 'a.test' }, { server_port: 1 }],
    ['clients', { remote_addr: '10.0.0.0/8' }, { remote_addr: '10.0.0.0/9' }],
    ['addresses', { server_addr: '127.0.0.1' }, { server_addr: '127.0.0.2' }],
  ])('are not those that one is asked before the other: %s', (_what, one, other) => {
    expect(faultsOf(row('a', one), row('b', other))).toEqual([]);
  });

  it('differ by transport, which is that of the upstream, wherever it stands', () => {
    const named = row('tcp', { server_port: 53, upstream_id: 'u' }, { upstream: { nodes, scheme: 'tcp' } });
    const serviceUpstream = { nodes, scheme: 'udp' };
    const served = row(
      'udp',
      { server_port: 53, service_id: 's' },
      { service: { upstream_id: 'u2' }, serviceUpstream },
    );
    expect(faultsOf(named, served)).toEqual([]);
    const either = row('x', { server_port: 53 });
    expect(faultsOf(named, either)).toHaveLength(2);
    expect(faultsOf(served, either)).toHaveLength(2);
  });
});

describe('a stream route whose upstream is none for streams', () => {
  it.each([
    ['upstream_id', { upstream_id: 'u' }, { upstream: { nodes, scheme: 'https' } }],
    ['upstream_id', { upstream_id: 'u' }, { upstream: { nodes: { a: 1 } } }],
    ['upstream_id', { upstream_id: 'u', sni: 'a.test' }, { upstream: { nodes, scheme: 'udp' } }],
    ['service_id', { service_id: 's' }, { service: { upstream: { nodes, scheme: 'grpc' } } }],
    ['service_id', { service_id: 's' }, { service: {} }],
    ['upstream_id', { upstream_id: 'gone', service_id: 's' }, { service: { upstream: { nodes } } }],
  ])('is told by the field that leads there: %s %j', (field, value, needs) => {
    expect(faultsOf(row('a', value, needs))).toEqual([`a unusable ${field}`]);
  });
});

describe('a range of addresses', () => {
  it('has one form', () => {
    expect(canonicalRange('10.1.2.3/8')).toBe('10.0.0.0/8');
    expect(canonicalRange('10.1.2.3')).toBe('10.1.2.3/32');
    expect(canonicalRange('2001:DB8:0::1/64')).toBe(canonicalRange('2001:db8::/64'));
    expect(canonicalRange('0.0.0.0/0')).toBe('0.0.0.0/0');
  });
});
