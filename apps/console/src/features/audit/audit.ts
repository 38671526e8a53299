import type { components } from '@tollgate/client';

export type AuditEntry = components['schemas']['AuditLogEntry'];

/** A day of a browser's date field as an instant in local time; the end is the last instant of that day. */
export function instantOf(day: string | undefined, edge: 'start' | 'end'): string | undefined {
  if (day === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const date = new Date(`${day}T${edge === 'start' ? '00:00:00' : '23:59:59.999'}`);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** Kinds of objects that entries can be narrowed to. */
export const objectKinds = [
  'route',
  'service',
  'upstream',
  'consumer',
  'consumer_group',
  'global_rule',
  'stream_route',
  'gateway-group',
  'workspace',
  'data-plane',
  'policy-template',
  'api-product',
  'plan',
  'price',
  'subscription',
  'application',
  'credential',
  'developer',
  'portal-site',
  'project',
  'environment',
  'member',
  'invitation',
  'service-account',
  'token',
  'tenant',
] as const;

/** Pages about one object, and the name that their address has for its id. */
const pages: Readonly<Record<string, { readonly name: string; readonly param?: string; readonly inGroup?: true }>> = {
  'api-product': { name: 'product', param: 'productId' },
  developer: { name: 'developer', param: 'developerId' },
  'service-account': { name: 'service-account', param: 'serviceAccountId' },
  'gateway-group': { name: 'gateway-group', param: 'groupId' },
  'policy-template': { name: 'policy-template', param: 'templateId' },
  route: { name: 'route', param: 'resourceId', inGroup: true },
  service: { name: 'service', param: 'resourceId', inGroup: true },
  upstream: { name: 'upstream', param: 'resourceId', inGroup: true },
  member: { name: 'members' },
  invitation: { name: 'members' },
  'portal-site': { name: 'portal-site' },
  project: { name: 'projects' },
  environment: { name: 'projects' },
  tenant: { name: 'settings' },
};

/** The route of the page about the object of an entry, where there is one. A removed object has none. */
export function pageOf({ object: { kind, id }, action, details }: Pick<AuditEntry, 'object' | 'action' | 'details'>) {
  const page = pages[kind];
  const { groupId } = details;
  if (page === undefined || action.endsWith('.delete') || (page.inGroup && typeof groupId !== 'string'))
    return undefined;
  const own = page.param === undefined ? {} : { [page.param]: id };
  return { name: page.name, params: page.inGroup ? { groupId: String(groupId), ...own } : own };
}
