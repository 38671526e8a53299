import { describe, expect, it } from 'vitest';
import { refusePrivateAddresses } from './address-guard.ts';

const subject = { groupId: 'g', tenantId: 't', host: 'h' };

describe('the guard of shared data planes', () => {
  it.each([
    ...['127.0.0.1', '10.1.2.3', '169.254.169.254', '0.0.0.0', '100.64.0.1', '224.0.0.1'],
    ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:ffff:a00:1'],
    ...['64:ff9b::7f00:1', '2002:7f00:1::', 'fd00::1', 'fe80::1'],
  ])('refuses %s, however it is written', (address) => {
    expect(refusePrivateAddresses().isAllowed(address, subject)).toBe(false);
  });

  it('lets public addresses pass, and what the operator allows', () => {
    const guard = refusePrivateAddresses(['10.0.0.0/8', '::1']);
    for (const address of ['8.8.8.8', '2606:4700::1111', '10.1.2.3', '::1']) {
      expect(guard.isAllowed(address, subject)).toBe(true);
    }
    expect(guard.isAllowed('127.0.0.1', subject)).toBe(false);
  });
});
