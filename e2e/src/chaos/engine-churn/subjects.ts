import { createHash } from 'node:crypto';
import { type GatewayResource, groupSettingsId } from '@tollgate/contracts/gateway';
import type { TLSSocket } from 'node:tls';
import { pathOf } from '../actors/acts.ts';
import { noise } from '../actors/noise.ts';
import { valuesOf } from '../../http/header-fields.ts';
import type { Caller } from './caller.ts';
import { fingerprintOf, type KeyPair } from './control-plane-identity.ts';
import { churnHost, servers } from './routes-throughout.ts';
import type { Subject } from './subject.ts';

/** What subjects are made with. */
export interface SubjectWorld {
  readonly caller: Caller;
  readonly addressOf: (server: string) => string;
  /** Certificates of {@link certificateHost}, in turn. */
  readonly certificates: readonly [KeyPair, KeyPair];
}

/** Host whose certificate changes. */
export const certificateHost = 'certificate.churn.test';

const serverOf = (version: number): string => servers[version % servers.length] ?? 'a';
const isOdd = (version: number): boolean => version % 2 === 1;

/** Everything that changes so that callers see it, one to a few of each kind. */
export function makeSubjects(world: SubjectWorld): Subject[] {
  return [
    ...[1, 2, 3].map((number) => comingRoute(world, number)),
    ...[1, 2].map((number) => retargetedRoute(world, number)),
    ...[1, 2].map((number) => swappedNodes(world, number)),
    changedPolicy(world),
    changedTemplate(world),
    globalPolicy(world),
    ...[1, 2].map((number) => credential(world, number)),
    revisedConsumer(world),
    suspension(world),
    groupSettings(world),
    certificate(world),
  ];
}

/** Settings of the group in a version. */
export function settingsOf(version: number): GatewayResource {
  const value = {
    tenantId: 'tnt_069h9s3q0dt7n4rjbm2f6k8p4s',
    hosts: [churnHost, certificateHost],
    errorFormat: isOdd(version) ? 'problem' : 'apisix',
  };
  return { kind: 'group_settings', id: groupSettingsId, value };
}

/** A route that is there in odd versions. */
function comingRoute({ caller }: SubjectWorld, number: number): Subject {
  const id = `coming-${number}`;
  return {
    name: `route ${id}`,
    changeTo: (version) =>
      isOdd(version)
        ? { sequence: 'revision', put: [routeOf(id, { upstream_id: `server-${serverOf(version)}` })] }
        : { sequence: 'revision', delete: [{ kind: 'route', id }] },
    expected: (version) => (isOdd(version) ? `200 ${serverOf(version)}` : '404'),
    look: () => lookAt(caller, id),
  };
}

/** A route that goes to another upstream in each version. */
function retargetedRoute({ caller }: SubjectWorld, number: number): Subject {
  const id = `retargeted-${number}`;
  return {
    name: `route ${id}`,
    changeTo: (version) => ({
      sequence: 'revision',
      put: [routeOf(id, { upstream_id: `server-${serverOf(version)}` })],
    }),
    expected: (version) => `200 ${serverOf(version)}`,
    look: () => lookAt(caller, id),
  };
}

/** An upstream whose one node is another one in each version. */
function swappedNodes({ caller, addressOf }: SubjectWorld, number: number): Subject {
  const id = `swapped-${number}`;
  return {
    name: `upstream ${id}`,
    changeTo: (version) => ({
      sequence: 'revision',
      put: [
        { kind: 'upstream', id, value: { nodes: { [addressOf(serverOf(version))]: 1 } } },
        ...(version === 1 ? [routeOf(id, { upstream_id: id })] : []),
      ],
    }),
    expected: (version) => `200 ${serverOf(version)}`,
    look: () => lookAt(caller, id),
  };
}

const marking = (version: number): object => ({
  'response-rewrite': { headers: { set: { 'x-version': String(version) } } },
});
const lookAtMark = (caller: Caller, id: string) => lookAt(caller, id, { sees: 'x-version' });

/** A policy on a route whose options change. */
function changedPolicy({ caller }: SubjectWorld): Subject {
  const id = 'policy';
  return {
    name: 'options of a policy',
    changeTo: (version) => ({
      sequence: 'revision',
      put: [routeOf(id, { upstream_id: 'server-a', plugins: marking(version) })],
    }),
    expected: (version) => `200 ${version}`,
    look: () => lookAtMark(caller, id),
  };
}

/** A template that a route refers to. */
function changedTemplate({ caller }: SubjectWorld): Subject {
  const id = 'changing-template';
  return {
    name: 'policy template',
    changeTo: (version) => ({
      sequence: 'revision',
      put: [
        { kind: 'plugin_config', id, value: { plugins: marking(version) } },
        ...(version === 1 ? [routeOf(id, { upstream_id: 'server-b', plugin_config_id: id })] : []),
      ],
    }),
    expected: (version) => `200 ${version}`,
    look: () => lookAtMark(caller, id),
  };
}

/** A global policy that is there in even versions, so that the answers of all routes go two ways through the gateway in turn. */
function globalPolicy({ caller }: SubjectWorld): Subject {
  const id = 'global';
  const plugins = { 'response-rewrite': { headers: { set: { 'x-global': 'yes' } } } };
  return {
    name: 'global policy',
    changeTo: (version) => {
      if (version === 1) return { sequence: 'revision', put: [routeOf(id, { upstream_id: 'server-c' })] };
      return isOdd(version)
        ? { sequence: 'revision', delete: [{ kind: 'global_rule', id }] }
        : { sequence: 'revision', put: [{ kind: 'global_rule', id, value: { plugins } }] };
    },
    expected: (version) => (isOdd(version) ? '200 ' : '200 yes'),
    look: () => lookAt(caller, id, { sees: 'x-global' }),
  };
}

const guarded = (id: string): GatewayResource => routeOf(id, { upstream_id: 'server-a', plugins: { 'key-auth': {} } });
const keyOf = (id: string): GatewayResource => ({
  kind: 'credential',
  id: `${id}/credentials/key`,
  value: { plugins: { 'key-auth': { key_sha256: createHash('sha256').update(id).digest('hex') } } },
});
const consumerOf = (id: string): GatewayResource => ({ kind: 'consumer', id, value: { username: id } });
const keyOnly = ({ kind, id }: GatewayResource) => ({ kind, id });

/** A credential of the access state that is there in odd versions. */
function credential({ caller }: SubjectWorld, number: number): Subject {
  const id = `access-${number}`;
  return {
    name: `credential ${id}`,
    changeTo: (version) => {
      if (version === 1) return { sequence: 'access', put: [consumerOf(id), keyOf(id)] };
      return isOdd(version)
        ? { sequence: 'access', put: [keyOf(id)] }
        : { sequence: 'access', delete: [keyOnly(keyOf(id))] };
    },
    expected: (version) => (isOdd(version) ? '200 a' : '401'),
    look: () => lookAt(caller, 'guarded', { key: id }),
  };
}

/** A consumer of a revision with its credential, there in odd versions; brings the route that the others use, too. */
function revisedConsumer({ caller }: SubjectWorld): Subject {
  const id = 'revised';
  const both = [consumerOf(id), keyOf(id)];
  return {
    name: `consumer ${id}`,
    changeTo: (version) => {
      if (version === 1) return { sequence: 'revision', put: [guarded('guarded'), ...both] };
      return isOdd(version)
        ? { sequence: 'revision', put: both }
        : { sequence: 'revision', delete: both.toReversed().map(keyOnly) };
    },
    expected: (version) => (isOdd(version) ? '200 a' : '401'),
    look: () => lookAt(caller, 'guarded', { key: id }),
  };
}

/** A suspension, there in even versions, of a consumer that stays. */
function suspension({ caller }: SubjectWorld): Subject {
  const id = 'suspended';
  const value = { subject: { type: 'consumer', consumerId: id } };
  return {
    name: 'suspension',
    changeTo: (version) => {
      if (version === 1) return { sequence: 'access', put: [consumerOf(id), keyOf(id)] };
      return isOdd(version)
        ? { sequence: 'access', delete: [{ kind: 'suspension', id }] }
        : { sequence: 'access', put: [{ kind: 'suspension', id, value }] };
    },
    expected: (version) => (isOdd(version) ? '200 a' : '403'),
    look: () => lookAt(caller, 'guarded', { key: id }),
  };
}

/** Settings of the group: how errors are written. */
function groupSettings({ caller }: SubjectWorld): Subject {
  return {
    name: 'group settings',
    changeTo: (version) => ({ sequence: 'revision', put: [settingsOf(version)] }),
    expected: (version) => (isOdd(version) ? '404 problem' : '404 apisix'),
    look: async () => {
      const { status, fields } = await caller.ask(`GET /never HTTP/1.1\r\nHost: ${churnHost}\r\n\r\n`);
      const isProblem = valuesOf(fields, 'content-type')[0]?.includes('problem+json') === true;
      return `${status} ${isProblem ? 'problem' : 'apisix'}`;
    },
  };
}

/** The certificate of a host. */
function certificate({ caller, certificates }: SubjectWorld): Subject {
  const pairOf = (version: number): KeyPair => certificates[isOdd(version) ? 0 : 1];
  return {
    name: 'certificate',
    changeTo: (version) => ({
      sequence: 'revision',
      put: [
        { kind: 'ssl', id: 'changing', value: { snis: [certificateHost], ...pairOf(version) } },
        ...(version === 1 ? [routeOf('certificate', { upstream_id: 'server-a' })] : []),
      ],
    }),
    expected: (version) => `200 ${fingerprintOf(pairOf(version).cert)}`,
    look: () =>
      caller.onNewTls(certificateHost, async (connection) => {
        const shown = (connection.socket as TLSSocket).getPeerCertificate().fingerprint256;
        const { status } = await connection.ask(requestOf('certificate', certificateHost));
        return `${status} ${shown}`;
      }),
  };
}

/** Where the route of a subject is. */
export function seenPrefix(id: string): string {
  return `/seen/${id}`;
}

function routeOf(id: string, value: object): GatewayResource {
  return { kind: 'route', id, value: { uri: `${seenPrefix(id)}/*`, enable_websocket: true, ...value } };
}

const wish = { act: 'bytes', id: 3, count: 400 } as const;

function requestOf(id: string, host: string, key?: string): string {
  const apikey = key === undefined ? '' : `apikey: ${key}\r\n`;
  return `GET ${seenPrefix(id)}${pathOf(wish)} HTTP/1.1\r\nHost: ${host}\r\n${apikey}\r\n`;
}

/** Status, and which server answered or what a header says. A body of an upstream that is not the one asked for is told as such. */
async function lookAt(
  caller: Caller,
  id: string,
  { key, sees = 'x-server' }: { key?: string; sees?: string } = {},
): Promise<string> {
  const { status, fields, body } = await caller.ask(requestOf(id, churnHost, key));
  if (status !== 200) return String(status);
  if (!body.equals(noise(wish.id, wish.count))) return '200 with another body';
  return `200 ${valuesOf(fields, sees).join(',')}`;
}
