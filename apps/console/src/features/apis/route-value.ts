import { withMember } from '@tollgate/ui/values';
import type { ResourceValue } from '../../resources/resource.ts';

/** A list of texts that an object holds as one (`host`) or as several (`hosts`). */
export interface OneOrMany {
  readonly one: string;
  readonly many: string;
}
export const hostsOf: OneOrMany = { one: 'host', many: 'hosts' };
export const pathsOf: OneOrMany = { one: 'uri', many: 'uris' };

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

/** The list, whichever way it is held. */
export function readList(value: ResourceValue, { one, many }: OneOrMany): string[] {
  const single = value[one];
  return typeof single === 'string' ? [single] : texts(value[many]);
}

/** The object with another list: the plain form for one text, unless the object has the other form already. */
export function writeList(value: ResourceValue, { one, many }: OneOrMany, list: readonly string[]): ResourceValue {
  const isPlain = list.length === 1 && value[many] === undefined;
  return withMember(
    withMember(value, many, isPlain || list.length === 0 ? undefined : [...list]),
    one,
    isPlain ? list[0] : undefined,
  );
}

/** The methods that a route takes; none: all of them. */
export function methodsOf({ methods }: ResourceValue): string[] {
  return texts(methods);
}
