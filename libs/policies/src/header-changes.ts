import type { Call, HeaderList } from '@tollgate/engine';
import { z } from 'zod';
import { expandVariables } from './expand-variables.ts';

const scalar = z.union([z.string(), z.number()]).transform(String);
const byName = z.record(z.string().min(1), scalar);

/** Changes of headers as APISIX writes them: `{set, add, remove}`, or a plain map that means `set`. */
export const headerChangesSchema = z.union([
  z.strictObject({
    set: byName.default({}),
    add: byName.default({}),
    remove: z.array(z.string().min(1)).default([]),
  }),
  byName.transform((set) => ({ set, add: {}, remove: [] as string[] })),
]);
export type HeaderChanges = z.output<typeof headerChangesSchema>;

/** Applies changes; values may hold variables. A header set to an empty value is removed. */
export function applyHeaderChanges(headers: HeaderList, { set, add, remove }: HeaderChanges, call: Call): void {
  for (const [name, template] of Object.entries(add)) headers.append(name, expandVariables(template, call).text);
  for (const [name, template] of Object.entries(set)) {
    const { text } = expandVariables(template, call);
    if (text === '') headers.remove(name);
    else headers.set(name, text);
  }
  for (const name of remove) headers.remove(name);
}
