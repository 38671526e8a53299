import { send, type TestEngine } from '@tollgate/engine/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { validatePolicy } from '../validate-policy.ts';
import { startGateway } from '../testing.ts';

let gateway: TestEngine | undefined;
afterEach(() => gateway?.stop());

async function statusFrom(options: Record<string, unknown>, address: string): Promise<number> {
  gateway = await startGateway({
    plugins: { 'ip-restriction': options },
    settings: { trustedProxies: ['127.0.0.1'] },
  });
  const { status } = await send(gateway.port, '/', { headers: { 'x-forwarded-for': address } });
  return status;
}

describe('ip-restriction', () => {
  it.each([
    [{ whitelist: ['10.0.0.0/8'] }, '10.1.2.3', 200],
    [{ whitelist: ['10.0.0.0/8'] }, '11.1.2.3', 403],
    [{ blacklist: ['10.1.2.3'] }, '10.1.2.3', 403],
    [{ blacklist: ['10.1.2.3'] }, '10.1.2.4', 200],
    [{ whitelist: ['2001:db8::/32'] }, '2001:db8::1', 200],
    [{ whitelist: ['10.0.0.0/8'] }, '::ffff:10.1.2.3', 200],
    [{ blacklist: ['10.0.0.0/8'], response_code: 404 }, '10.1.2.3', 404],
  ])('%j from %s is %i', async (options, address, expected) => {
    expect(await statusFrom(options, address)).toBe(expected);
  });

  it('needs exactly one list of real addresses', () => {
    expect(validatePolicy('ip-restriction', {})).toHaveLength(1);
    expect(validatePolicy('ip-restriction', { whitelist: ['1.1.1.1'], blacklist: ['1.1.1.1'] })).toHaveLength(1);
    expect(validatePolicy('ip-restriction', { whitelist: ['1.1.1.300'] })).toMatchObject([{ pointer: '/whitelist/0' }]);
  });
});
