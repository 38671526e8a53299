import { describe, expect, it } from 'vitest';
import { resource, send, startConsul } from '../testing/index.ts';
import { keep } from '../testing/keep.ts';
import { serve } from './testing/discovery-scene.ts';

describe('discovery', () => {
  it('is refused where the registry is not configured or the name cannot be one', async () => {
    const engine = await serve({ discovery_type: 'dns', service_name: 'x.test' }, {});
    for (const upstream of [
      { discovery_type: 'consul', service_name: 'x' },
      { discovery_type: 'constructor', service_name: 'x' },
      { discovery_type: 'dns', service_name: 'a b' },
      { service_name: 'x' },
    ]) {
      const put = [resource('route', 'r2', { uri: '/*', upstream })];
      expect(engine.engine.apply('g1', 'revision', { put })).toMatchObject({
        ok: false,
        faults: [{ pointer: '/upstream' }],
      });
    }
  });

  it('answers 503 until the first nodes are known', async () => {
    const consul = await keep(startConsul({}));
    const registries = { consul: { servers: [`http://${consul.address}`] } };
    const engine = await serve({ discovery_type: 'consul', service_name: 'api' }, { discovery: registries });
    expect((await send(engine.port, '/')).json()).toMatchObject({ status: 503, code: 'gateway.no_upstream' });
  });
});
