import { createHash } from 'node:crypto';
import type { GatewayResource } from '@tollgate/contracts/gateway';
import { pathOf, type Wish } from '../actors/acts.ts';

/** Host of the group. */
export const churnHost = 'churn.test';
/** Names of the upstream servers. */
export const servers = ['a', 'b', 'c'] as const;

/** Whose key the guarded routes take all the time. */
export const residentKey = 'key-of-the-resident';
const residentName = 'resident';
/** Header of routes that mark their answers; holds the id of the route. */
export const markHeader = 'x-mark';

const forms = ['plain', 'guarded', 'limited', 'marked', 'of a service', 'of a template'] as const;

/** What a route that exists throughout is made of. */
export type RouteForm = (typeof forms)[number];

/** Which form a route has. */
export function formOf(number: number): RouteForm {
  return forms[number % forms.length] ?? 'plain';
}

const prefixOf = (number: number): string => `/always/${number}`;

/** A request that a route which exists throughout answers with 200 and the noise that was asked for. */
export function requestTo(number: number, wish: Wish): string {
  const key = formOf(number) === 'guarded' ? `apikey: ${residentKey}\r\n` : '';
  return `GET ${prefixOf(number)}${pathOf(wish)} HTTP/1.1\r\nHost: ${churnHost}\r\n${key}\r\n`;
}

/** The route; `edition` says how often it was changed, which nobody who calls it may notice. */
export function routeThroughout(number: number, edition = 0): GatewayResource {
  const id = `always-${number}`;
  const upstream = { upstream_id: `server-${servers[number % servers.length]}` };
  const common = { uri: `${prefixOf(number)}/*`, desc: `edition ${edition}`, enable_websocket: true };
  const route = (value: object): GatewayResource => ({ kind: 'route', id, value: { ...common, ...value } });
  switch (formOf(number)) {
    case 'plain':
      return route(upstream);
    case 'guarded':
      return route({ ...upstream, plugins: { 'key-auth': { hide_credentials: edition % 2 === 1 } } });
    case 'limited': {
      const limit = { count: 1_000_000_000 + edition, time_window: 60, key_type: 'constant', key: id };
      return route({ ...upstream, plugins: { 'limit-count': limit } });
    }
    case 'marked': {
      const set = { [markHeader]: id, 'x-edition': String(edition) };
      return route({ ...upstream, plugins: { 'response-rewrite': { headers: { set } } } });
    }
    case 'of a service':
      return route({ service_id: 'service' });
    case 'of a template':
      return route({ ...upstream, plugin_config_id: 'template' });
  }
}

/** Resources beside the routes that exist throughout and change all the same. */
export function sharedParts(edition: number, addressOf: (server: string) => string): GatewayResource[] {
  const desc = `edition ${edition}`;
  const upstreamOf = (server: string): GatewayResource => ({
    kind: 'upstream',
    id: `server-${server}`,
    value: { desc, nodes: { [addressOf(server)]: 1 }, retries: edition % 3, timeout: timeoutOf(edition) },
  });
  return [
    ...servers.map(upstreamOf),
    { kind: 'service', id: 'service', value: { desc, upstream_id: 'server-a', plugins: { prometheus: {} } } },
    {
      kind: 'plugin_config',
      id: 'template',
      value: { desc, plugins: { 'response-rewrite': { headers: { set: { 'x-edition': String(edition) } } } } },
    },
    { kind: 'consumer', id: residentName, value: { username: residentName, desc } },
  ];
}

/** The resident's credential. */
export function residentCredential(): GatewayResource {
  const hash = createHash('sha256').update(residentKey).digest('hex');
  return {
    kind: 'credential',
    id: `${residentName}/credentials/key`,
    value: { plugins: { 'key-auth': { key_sha256: hash } } },
  };
}

function timeoutOf(edition: number): object {
  return { connect: 10 + (edition % 5), send: 20, read: 20 };
}
