import { base32hex } from '@scure/base';
import { v7 } from 'uuid';
import { z } from 'zod';

/** Every id prefix of the platform and what it names. A prefix is never reused. */
export const idPrefixes = {
  tnt: 'tenant',
  usr: 'user',
  mem: 'membership',
  inv: 'invitation',
  ses: 'session',
  tok: 'personal access token',
  sva: 'service account',
  prj: 'project',
  env: 'environment',
  aud: 'audit entry',
  pool: 'pool',
  grp: 'gateway group',
  wsp: 'workspace',
  dp: 'data plane',
  ent: 'enrolment token',
  rev: 'revision',
  res: 'gateway resource',
  imp: 'import',
  ptp: 'policy template',
  site: 'portal site',
  dev: 'developer',
  prd: 'API product',
  pln: 'plan',
  plv: 'plan version',
  app: 'application',
  sub: 'subscription',
  crd: 'credential',
  apr: 'approval request',
  doc: 'portal document',
  prc: 'price',
  inc: 'invoice',
  evt: 'event',
  mail: 'captured mail',
  cmd: 'data-plane command',
} as const;

export type IdPrefix = keyof typeof idPrefixes;

/** Makes a new id: `<prefix>_` and a base32hex UUIDv7, so ids of one kind sort by the time they were made. */
export function newId(prefix: IdPrefix): string {
  const bytes = new Uint8Array(16);
  v7(undefined, bytes);
  return `${prefix}_${base32hex.encode(bytes).replaceAll('=', '').toLowerCase()}`;
}

/** Schema of an id with this prefix. Ids are also valid Apache APISIX ids. */
export function idSchema(prefix: IdPrefix) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-v]{26}$`))
    .meta({ description: `Id of a ${idPrefixes[prefix]}.`, examples: [`${prefix}_069h9s3q0dt7n4rjbm2f6k8p4s`] });
}
