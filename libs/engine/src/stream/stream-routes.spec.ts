import { describe, expect, it, onTestFinished } from 'vitest';
import { createEngine } from '../engine.ts';
import { resource } from '../testing/index.ts';

describe('stream routes', () => {
  const faultOf = async (value: Record<string, unknown>, isShared = false) => {
    const engine = await createEngine({ policies: [], isShared });
    onTestFinished(() => engine.close({ withinMs: 0 }));
    const result = engine.apply('g1', 'revision', { put: [resource('stream_route', 's1', value)] });
    return result.ok ? null : result.faults[0]?.message;
  };
  const upstream = { nodes: { '127.0.0.1:1': 1 } };

  it('are refused where tenants share the data plane, as are their ports', async () => {
    expect(await faultOf({ upstream }, true)).toMatch('not allowed on a data plane that tenants share');
    const engine = await createEngine({ policies: [], isShared: true });
    await expect(engine.listenStream('tcp', { port: 0 })).rejects.toThrow('not allowed');
  });

  it.each([
    [{ upstream, plugins: { 'ip-restriction': {} } }, 'policies are not supported'],
    [{ upstream, protocol: { name: 'redis' } }, 'protocol is not supported'],
    [{ upstream: { ...upstream, scheme: 'grpc' } }, 'scheme "grpc"'],
    [{ upstream: { nodes: { 'db.test': 1 } } }, 'needs a port'],
    [{ upstream: { ...upstream, scheme: 'udp' }, sni: 'a.test' }, 'UDP has no sni'],
    [{ upstream_id: 'u1' }, 'upstream/u1, which does not exist'],
    [{ service_id: 'v1' }, 'service/v1, which does not exist'],
    [{ server_port: 80 }, 'one of upstream'],
    [{ upstream, remote_addr: 'x' }, 'Invalid'],
  ])('that cannot be served are refused with the reason: %j', async (value, reason) => {
    expect(await faultOf(value)).toMatch(reason);
  });

  it('have upstreams that calls cannot use', async () => {
    const engine = await createEngine({ policies: [] });
    onTestFinished(() => engine.close({ withinMs: 0 }));
    const result = engine.apply('g1', 'revision', {
      put: [
        resource('upstream', 'u1', { ...upstream, scheme: 'tcp' }),
        resource('route', 'r1', { uri: '/*', upstream_id: 'u1' }),
      ],
    });
    expect(result).toMatchObject({ ok: false, faults: [{ kind: 'route', pointer: '/upstream_id' }] });
  });
});
