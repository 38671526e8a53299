import { describe, expect, it } from 'vitest';
import { type ConnectionBounds, type ConnectionLease, ConnectionLimits } from './connection-limits.ts';

function limitsOf(bounds: Partial<ConnectionBounds>): ConnectionLimits {
  return new ConnectionLimits({
    connections: Infinity,
    connectionsPerClient: Infinity,
    connectionsPerTenant: Infinity,
    ...bounds,
  });
}

function enter(limits: ConnectionLimits): ConnectionLease {
  const lease = limits.enter();
  if (lease === null) throw new Error('there is no room');
  return lease;
}

describe('the connections of a process', () => {
  it('are bounded, and a place that is left is free again, once', () => {
    const limits = limitsOf({ connections: 2 });
    const [first] = [enter(limits), enter(limits)];
    expect(limits.enter()).toBeNull();
    first.leave();
    first.leave();
    expect(limits.open).toBe(1);
    enter(limits);
    expect(limits.enter()).toBeNull();
  });
});

describe('the connections of a client', () => {
  it('are bounded by address, of IPv6 by /64', () => {
    const limits = limitsOf({ connectionsPerClient: 1 });
    const name = (address: string) => enter(limits).nameClient(address);
    expect([name('192.0.2.1'), name('192.0.2.2'), name('192.0.2.1')]).toEqual(['taken', 'taken', 'refused']);
    expect([name('2001:db8::1'), name('2001:db8:0:1::1'), name('2001:db8::ffff:1')]).toEqual([
      'taken',
      'taken',
      'refused',
    ]);
    expect([name('::1'), name('::2')]).toEqual(['taken', 'refused']);
  });

  it('over the bound are told so, as long as few are being told', () => {
    const limits = limitsOf({ connectionsPerClient: 0 });
    const leases = Array.from({ length: 256 }, () => enter(limits));
    expect(new Set(leases.map((lease) => lease.nameClient('192.0.2.1')))).toEqual(new Set(['refused']));
    expect(leases[0]?.admit(null)).toBe('client');
    const late = enter(limits);
    expect(late.nameClient('192.0.2.1')).toBe('full');
    late.leave();
    leases[0]?.leave();
    expect(enter(limits).nameClient('192.0.2.1')).toBe('refused');
  });
});

describe('the connections of a tenant', () => {
  it('are those whose last request was for it', () => {
    const limits = limitsOf({ connectionsPerTenant: 1 });
    const [first, second] = [enter(limits), enter(limits)];
    expect(first.admit(null)).toBeNull();
    expect(first.admit('t1')).toBeNull();
    expect(first.admit('t1')).toBeNull();
    expect(second.admit('t1')).toBe('tenant');
    expect(second.admit('t2')).toBeNull();
    expect(first.admit('t2')).toBe('tenant');
    second.leave();
    expect(first.admit('t2')).toBeNull();
    expect(enter(limits).admit('t1')).toBeNull();
  });

  it('leave nothing behind', () => {
    const limits = limitsOf({ connectionsPerTenant: 10, connectionsPerClient: 10 });
    for (const tenant of ['t1', 't2', 't1']) {
      const lease = enter(limits);
      lease.nameClient('192.0.2.1');
      lease.admit(tenant);
      lease.admit('t3');
      lease.leave();
    }
    expect([limits.byClient.size, limits.byTenant.size, limits.open]).toEqual([0, 0, 0]);
  });
});
