import type { components } from '@tollgate/client';
import type { Permission } from '../../app/session.ts';

export type AccessToken = components['schemas']['AccessToken'];
export type ServiceAccount = components['schemas']['ServiceAccount'];

/** What a token or service account may be given; operators' permissions are given to nobody here. */
export type GivenPermission = AccessToken['permissions'][number];

/** A noun with what may be done about it. */
export interface PermissionGroup {
  readonly noun: string;
  readonly permissions: readonly { readonly name: Permission; readonly verb: string }[];
}

/** The permissions that somebody holds, by noun, in the order of the API. */
export function groupsOf(held: readonly Permission[]): PermissionGroup[] {
  const groups = new Map<string, { name: Permission; verb: string }[]>();
  for (const name of held) {
    const [noun = '', verb = ''] = name.split('.');
    if (noun === 'operator') continue;
    groups.set(noun, [...(groups.get(noun) ?? []), { name, verb }]);
  }
  return [...groups].map(([noun, permissions]) => ({ noun, permissions }));
}
