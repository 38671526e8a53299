import type { OutgoingHttpHeaders } from 'node:http2';
import type { HeaderList } from '../execute/header-list.ts';

/** A list as the object that Node takes: lower-case names, repeated ones as arrays. */
export function toHeaders(list: HeaderList): OutgoingHttpHeaders {
  const values = new Map<string, string[]>();
  for (const [name, value] of list) {
    const key = name.toLowerCase();
    const known = values.get(key);
    if (known === undefined) values.set(key, [value]);
    else known.push(value);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]));
}
