import { describe, expect, it } from 'vitest';
import {
  accessKinds,
  canonicalJson,
  contentHash,
  credentialResourceId,
  type GatewayResource,
  GroupHash,
  parseCredentialResourceId,
  parseResource,
  resourceKinds,
  revisionKinds,
  standAloneFileSchema,
  standAloneResources,
  upstreamSchema,
} from './index.ts';

const route = (value: Record<string, unknown>): GatewayResource => ({ kind: 'route', id: 'r1', value });

describe('resource schemas', () => {
  it('fill in the defaults of APISIX', () => {
    const upstream = upstreamSchema.parse({ nodes: { '127.0.0.1:80': 1 }, checks: { active: {} } });
    expect(upstream).toMatchObject({ type: 'roundrobin', hash_on: 'vars', scheme: 'http', pass_host: 'pass' });
    expect(upstream.checks?.active).toMatchObject({ timeout: 1, concurrency: 10, http_path: '/' });
    expect(upstream.checks?.active?.unhealthy.http_statuses).toContain(505);
  });

  it('read the map form of nodes as a list, IPv6 included', () => {
    const upstream = upstreamSchema.parse({ nodes: { 'a.example': 2, '[::1]:8080': 0 } });
    expect(upstream.nodes).toEqual([
      { host: 'a.example', weight: 2, priority: 0 },
      { host: '[::1]', port: 8080, weight: 0, priority: 0 },
    ]);
  });

  it('keep fields they do not know', () => {
    const parsed = parseResource(route({ uri: '/a', future_field: { x: 1 }, plugins: { p: { _meta: { z: 1 } } } }));
    expect(parsed).toMatchObject({ ok: true, resource: { value: { future_field: { x: 1 }, priority: 0, status: 1 } } });
  });

  it.each([
    ['/uri', {}],
    ['/uri', { uri: '/a', uris: ['/b'] }],
    ['/hosts', { uri: '/a', host: 'a', hosts: ['b'] }],
    ['/upstream/nodes', { uri: '/a', upstream: {} }],
    ['/upstream/upstream_host', { uri: '/a', upstream: { nodes: { a: 1 }, pass_host: 'rewrite' } }],
    ['/remote_addr', { uri: '/a', remote_addr: 'nonsense' }],
  ])('name the faulty field %s', (pointer, value) => {
    expect(parseResource(route(value))).toMatchObject({ ok: false, faults: [{ pointer }] });
  });

  it('hold a credential id to the layout of APISIX', () => {
    const id = credentialResourceId('sub_1', 'cred_1');
    expect(parseCredentialResourceId(id)).toEqual({ consumerId: 'sub_1', credentialId: 'cred_1' });
    expect(parseCredentialResourceId('cred_1')).toBeNull();
    const value = { plugins: { 'key-auth': { key: 'k' } } };
    expect(parseResource({ kind: 'credential', id, value }).ok).toBe(true);
    expect(parseResource({ kind: 'credential', id: 'cred_1', value }).ok).toBe(false);
  });
});

describe('kinds', () => {
  it('stand after every kind they refer to', () => {
    const order = (kind: (typeof resourceKinds)[number]) => resourceKinds.indexOf(kind);
    expect(order('upstream')).toBeLessThan(order('service'));
    expect(order('plugin_config')).toBeLessThan(order('service'));
    expect(order('service')).toBeLessThan(order('route'));
    expect(order('consumer_group')).toBeLessThan(order('consumer'));
    expect(order('consumer')).toBeLessThan(order('credential'));
  });

  it('all belong to at least one sequence', () => {
    expect(new Set<string>([...revisionKinds, ...accessKinds])).toEqual(new Set(resourceKinds));
  });
});

describe('hashes', () => {
  it('do not depend on the order of keys or on undefined fields', () => {
    expect(canonicalJson({ b: [2, { d: 1, c: undefined }], a: 1 })).toBe('{"a":1,"b":[2,{"d":1}]}');
    expect(contentHash({ a: 1, b: 2 })).toBe(contentHash({ b: 2, a: 1 }));
    expect(contentHash({ a: 1 })).not.toBe(contentHash({ a: '1' }));
  });

  it('stay what they are: revisions in databases and on disks are known by them', () => {
    const value = { uri: '/a', plugins: { 10: 1, 2: [{ z: null, a: 'é' }] }, b: 1.5 };
    expect(canonicalJson(value)).toBe('{"b":1.5,"plugins":{"2":[{"a":"é","z":null}],"10":1},"uri":"/a"}');
    expect(contentHash(value)).toBe('a9b41ade865d299106c30560a3be5028ff464ccc1da2ad130f61f86f4289c12b');
    const sum = GroupHash.empty().add('route', 'a', contentHash(value)).remove('route', 'b', contentHash(1));
    expect(sum.value).toBe('0bb830f03be9d519cf19ca2cf095a53aa0d5a7a6d6b3d8034dab28fd714d5f6e');
  });

  it('of a group are equal whatever way its resources came about', () => {
    const oneWay = GroupHash.empty().add('route', 'a', 'h1').add('route', 'b', 'h2');
    const otherWay = GroupHash.empty()
      .add('route', 'b', 'h0')
      .add('route', 'a', 'h1')
      .remove('route', 'b', 'h0')
      .add('route', 'b', 'h2');
    expect(otherWay.value).toBe(oneWay.value);
    expect(GroupHash.from(oneWay.value).remove('route', 'b', 'h2').remove('route', 'a', 'h1').value).toBe(
      GroupHash.empty().value,
    );
  });

  it('of a group tell kinds, ids and contents apart', () => {
    const values = [
      GroupHash.empty().add('route', 'a', 'h').value,
      GroupHash.empty().add('service', 'a', 'h').value,
      GroupHash.empty().add('route', 'b', 'h').value,
      GroupHash.empty().add('route', 'a', 'i').value,
    ];
    expect(new Set(values).size).toBe(4);
  });
});

describe('a stand-alone file', () => {
  it('becomes the resources of both sequences', () => {
    const file = standAloneFileSchema.parse({
      groups: [
        {
          id: 'g1',
          settings: { hosts: ['API.example.com'] },
          routes: [{ id: 'r1', uri: '/a' }],
          consumers: [{ username: 'jack', credentials: [{ id: 'c1', plugins: { 'key-auth': { key: 'k' } } }] }],
          product_bindings: [{ id: 'b1', productId: 'prod_1', routeIds: ['r1'] }],
        },
      ],
    });
    const [group] = file.groups;
    expect(group && standAloneResources(group)).toEqual({
      revision: [
        {
          kind: 'group_settings',
          id: 'settings',
          value: {
            tenantId: 'local',
            hosts: ['api.example.com'],
            errorFormat: 'problem',
            quotaWhenCutOff: 'keep',
            trustedProxies: [],
          },
        },
        { kind: 'route', id: 'r1', value: { uri: '/a' } },
        { kind: 'consumer', id: 'jack', value: { username: 'jack' } },
        { kind: 'credential', id: 'jack/credentials/c1', value: { plugins: { 'key-auth': { key: 'k' } } } },
      ],
      access: [{ kind: 'product_binding', id: 'b1', value: { productId: 'prod_1', routeIds: ['r1'] } }],
    });
  });
});
