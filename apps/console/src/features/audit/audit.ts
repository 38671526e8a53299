import type { components } from '@tollgate/client';

export type AuditEntry = components['schemas']['AuditLogEntry'];

/** A day of a browser's date field as an instant in local time; the end is the last instant of that day. */
export function instantOf(day: string | undefined, edge: 'start' | 'end'): string | undefined {
  if (day === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const date = new Date(`${day}T${edge === 'start' ? '00:00:00' : '23:59:59.999'}`);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** The route of the page about an object of an entry, where there is one. */
export function pageOf({ kind, id }: AuditEntry['object']) {
  if (kind === 'api-product') return { name: 'product', params: { productId: id } };
  if (kind === 'developer') return { name: 'developer', params: { developerId: id } };
  if (kind === 'service-account') return { name: 'service-account', params: { serviceAccountId: id } };
  if (kind === 'gateway-group') return { name: 'gateway-group', params: { groupId: id } };
  return undefined;
}
