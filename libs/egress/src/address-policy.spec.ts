import { describe, expect, it } from 'vitest';
import { addressKind, isAllowed } from './address-policy.ts';

describe('the kind of an address', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['2001:4860:4860::8888', 'public'],
    ['127.0.0.1', 'loopback'],
    ['127.9.9.9', 'loopback'],
    ['::1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fc00::1', 'private'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['0.0.0.0', 'reserved'],
    ['::', 'reserved'],
    ['224.0.0.1', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['not-an-address', 'reserved'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:a9fe:a9fe', 'metadata'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    ['2002:7f00:1::', 'loopback'],
  ])('%s is %s', (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });
});

describe('the policy', () => {
  it('allows public addresses only, unless the operator says more', () => {
    expect(isAllowed('8.8.8.8', {})).toBe(true);
    for (const address of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', 'name']) {
      expect(isAllowed(address, {}), address).toBe(false);
    }
  });

  it('allows kinds and ranges that the operator names, nothing beside them', () => {
    const policy = { allowedKinds: ['loopback'], allowedRanges: ['10.1.0.0/16', 'fd12::/16', '192.168.0.7'] } as const;
    for (const address of ['127.0.0.1', '10.1.9.9', 'fd12::9', '192.168.0.7', '::ffff:10.1.0.1']) {
      expect(isAllowed(address, policy), address).toBe(true);
    }
    for (const address of ['10.2.0.1', 'fd13::9', '192.168.0.8', '169.254.169.254', 'name']) {
      expect(isAllowed(address, policy), address).toBe(false);
    }
  });
});
