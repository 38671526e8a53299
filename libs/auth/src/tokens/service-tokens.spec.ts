import { describe, expect, it } from 'vitest';
import { ServiceTokens } from './service-tokens.ts';

const master = 'm'.repeat(40);

describe('service tokens', () => {
  it('are accepted by the service they are for, with the tenant they act in', async () => {
    const token = await new ServiceTokens(master, 'gateway-manager').sign('policy-manager', 'tnt_1');
    expect(await new ServiceTokens(master, 'policy-manager').verify(token)).toEqual({
      kind: 'service',
      id: 'gateway-manager',
      tenantId: 'tnt_1',
      permissions: [],
    });
  });

  it('are nothing to another service, another installation, or once changed', async () => {
    const token = await new ServiceTokens(master, 'gateway-manager').sign('policy-manager');
    expect(await new ServiceTokens(master, 'iam').verify(token)).toBeNull();
    expect(await new ServiceTokens('n'.repeat(40), 'policy-manager').verify(token)).toBeNull();
    expect(await new ServiceTokens(master, 'policy-manager').verify(`${token.slice(0, -4)}AAAA`)).toBeNull();
    expect(await new ServiceTokens(master, 'policy-manager').verify('garbage')).toBeNull();
  });
});
