import { isObject } from '@tollgate/ui/values';
import type { ResourceValue } from '../../resources/resource.ts';

const policy = 'key-auth';

/** What a consumer holds of its key: the key itself while it is new, afterwards its hash only. */
export interface ConsumerKey {
  readonly key?: string;
  readonly key_sha256?: string;
  /** RFC 3339. */
  readonly expires_at?: string;
  readonly [others: string]: unknown;
}

/** The key of a consumer; undefined when it has none. */
export function keyOf({ plugins }: ResourceValue): ConsumerKey | undefined {
  const held = isObject(plugins) ? plugins[policy] : undefined;
  return isObject(held) ? held : undefined;
}

/** The consumer with another key, or with none. Its other policies stay. */
export function withKey(value: ResourceValue, key: ConsumerKey | undefined): ResourceValue {
  const { plugins, ...rest } = value;
  const { [policy]: _, ...others } = isObject(plugins) ? plugins : {};
  const next = key === undefined ? others : { ...others, [policy]: key };
  return Object.keys(next).length === 0 ? rest : { ...rest, plugins: next };
}

/** A key of 256 random bits, in letters that headers and addresses take as they are. */
export function generateKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** An instant as a browser’s field for local times holds it; empty for none. */
export function localTimeOf(instant: string | undefined): string {
  if (instant === undefined) return '';
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return '';
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** The instant of a local time; undefined for an empty field. */
export function instantOf(localTime: string): string | undefined {
  const date = new Date(localTime);
  return localTime === '' || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
