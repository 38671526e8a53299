import { describe, expect, it } from 'vitest';
import { addressesOf } from './group-addresses.ts';

const config = { PUBLIC_GATEWAY_URL: 'http://localhost:9080' };
const shared = { publicUrls: [], poolKind: 'shared', hosts: ['main.acme.gw.localhost', '*.acme.test'] } as const;
const group = { ...shared, publicUrls: [...shared.publicUrls], hosts: [...shared.hosts] };

describe('the addresses of a gateway group', () => {
  it('are those that its owner wrote', () => {
    const publicUrls = ['https://api.acme.test/v1'];
    expect(addressesOf({ ...group, publicUrls }, config)).toEqual(publicUrls);
  });

  it('are the installation’s gateway under each host of a shared group', () => {
    expect(addressesOf(group, config)).toEqual(['http://main.acme.gw.localhost:9080']);
  });

  it('are not known for data planes that a tenant runs, nor where the installation has no gateway', () => {
    expect(addressesOf({ ...group, poolKind: 'self-hosted' }, config)).toEqual([]);
    expect(addressesOf(group, {})).toEqual([]);
  });
});
