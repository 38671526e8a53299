import { isObject, isSame } from '@tollgate/ui/values';
import type { Direction, Policy, PolicySet, PolicyType } from './policy.ts';

/** The list with one of its items at another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [item] = next.splice(from, 1);
  if (item === undefined) return [...list];
  next.splice(Math.min(Math.max(to, 0), next.length), 0, item);
  return next;
}

/** Whether a policy of this type may stand in that list. */
export function mayStand(type: Pick<PolicyType, 'direction'>, direction: Direction): boolean {
  return type.direction === 'both' || type.direction === direction;
}

/** A policy that is kept and not in force. */
export function isDisabled({ options }: Pick<Policy, 'options'>): boolean {
  const meta = options?._meta;
  return isObject(meta) && meta.disable === true;
}

/** The same policy, in force or not; what else `_meta` says stays. */
export function withDisabled(policy: Policy, disabled: boolean): Policy {
  const { _meta: present, ...options } = policy.options ?? {};
  const { disable: _, ...others } = isObject(present) ? present : {};
  const meta = disabled ? { ...others, disable: true } : others;
  return { ...policy, options: Object.keys(meta).length === 0 ? options : { ...options, _meta: meta } };
}

/** Whether two sets behave the same; left-out lists and options are empty ones. */
export function isSameSet(one: PolicySet, other: PolicySet): boolean {
  const full = (set: PolicySet): unknown =>
    (['inbound', 'outbound'] as const).map((direction) =>
      (set[direction] ?? []).map(({ type, options }) => ({ type, options: options ?? {} })),
    );
  return isSame(full(one), full(other));
}

/** What people look for in the catalogue. */
export const categories = ['all', 'authentication', 'inbound', 'outbound', 'both'] as const;
export type Category = (typeof categories)[number];

/** Whether a type belongs to a category: those that identify callers carry credentials. */
export function isIn(type: Pick<PolicyType, 'direction' | 'credentialSchema'>, category: Category): boolean {
  switch (category) {
    case 'all':
      return true;
    case 'authentication':
      return type.credentialSchema !== null;
    default:
      return type.direction === category;
  }
}
