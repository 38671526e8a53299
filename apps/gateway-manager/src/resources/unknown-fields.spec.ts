import { routeSchema, upstreamSchema } from '@tollgate/contracts/gateway';
import { describe, expect, it } from 'vitest';
import { findUnknownFields } from './unknown-fields.ts';

describe('unknown fields', () => {
  it('are found on every level, but not inside the options of policies', () => {
    const value = {
      uri: '/a',
      colour: 'red',
      timeout: { connect: 1, 'con/nect': 2 },
      plugins: { 'key-auth': { anything: 1 } },
      upstream: { nodes: [{ host: 'a', weight: 1 }], checks: { active: { healthy: { often: 1 } } } },
    };
    expect(findUnknownFields(routeSchema, value).map(({ pointer }) => pointer)).toEqual([
      '/colour',
      '/timeout/con~1nect',
      '/upstream/checks/active/healthy/often',
    ]);
  });

  it('are listed up to a bound', () => {
    const value = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`field${index}`, index]));
    expect(findUnknownFields(upstreamSchema, value)).toHaveLength(50);
  });
});
