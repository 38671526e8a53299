import { gatewayGroupSettingsSchema } from '@tollgate/contracts/gateway';
import { describe, expect, it } from 'vitest';
import { defaultResilience, groupResilience } from './resilience.ts';

const settingsOf = (upstreams?: unknown) =>
  gatewayGroupSettingsSchema.parse({ tenantId: 't', hosts: ['a.test'], upstreams }).upstreams;

describe('what a group says about its upstreams', () => {
  it('goes before what the engine says, and what it leaves out is as the engine has it', () => {
    const engine = { ...defaultResilience, slowStartMs: 5000 };
    expect(groupResilience(settingsOf(), engine)).toBe(engine);
    expect(groupResilience(settingsOf({}), engine)).toEqual(engine);
    expect(groupResilience(settingsOf({ slowStartSeconds: 0 }), engine).slowStartMs).toBe(0);
    expect(groupResilience(settingsOf({ ejection: { failures: 2 } }), engine)).toEqual({
      slowStartMs: 5000,
      ejection: { failures: 2, baseMs: 30_000, maxMs: 300_000, maxShare: 0.5 },
    });
  });

  it('is off by default', () => {
    expect(groupResilience(settingsOf(), defaultResilience)).toMatchObject({
      slowStartMs: 0,
      ejection: { failures: Infinity },
    });
  });

  it('is refused where it makes no sense', () => {
    for (const upstreams of [{ slowStartSeconds: -1 }, { ejection: { maxShare: 0 } }, { ejection: { failures: 0 } }]) {
      expect(() => settingsOf(upstreams)).toThrow();
    }
  });
});
