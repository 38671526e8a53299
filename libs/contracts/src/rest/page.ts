import { z } from 'zod';

/** Query of every list. Extend it with filters: `pageQuery.extend({ … })`. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'How many items at most.' }),
  cursor: z.string().min(1).max(512).optional().meta({ description: '`nextCursor` of the page before.' }),
});
export type PageQuery = z.output<typeof pageQuery>;

/** Query field of a list that is searched: `pageQuery.extend({ search: searchText('the name') })`. Any case; never a pattern. */
export function searchText(fields: string) {
  return z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: `Only items with this text in ${fields}, in any case.` });
}

/** Query field that is yes or no: `true` or `false`. */
export function flag(description: string) {
  return z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({ description });
}

/** Query fields of a list that tells how long it is: `pageQuery.extend(counted)`, answered by {@link countedPageOf}. */
export const counted = {
  withTotal: flag('`true` adds `total`, which reads all that the filters take: ask for it with the first page only.'),
};

/** By what a list of named objects may be sorted: upwards, and with a `-` before it downwards. */
export const listSorts = ['id', '-id', 'name', '-name', 'updatedAt', '-updatedAt'] as const;
export type ListSort = (typeof listSorts)[number];

/** Query field of a list that is sorted: `pageQuery.extend(sorted)`. */
export const sorted = {
  sort: z.enum(listSorts).default('id').meta({
    description: 'By what the list is sorted; a `-` before it turns it round. A cursor belongs to its sort.',
  }),
};

/** Most objects that a list picks out by their ids. */
export const maxPickedIds = 100;

/** Query field that picks objects out by their ids, separated by commas; ids that nothing has are left out of the answer. */
export function pickedIds(id: z.ZodType<string, string>) {
  return z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(id).max(maxPickedIds))
    .optional()
    .meta({ description: `Only these: ids, separated by commas, ${maxPickedIds} at most.` });
}

/** Response of every list, in a stable order. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'Pass as `cursor` for the next page; null at the end.' }),
  });
}

/** Response of a list that tells how long it is when it is asked. */
export function countedPageOf<T extends z.ZodType>(item: T) {
  return pageOf(item).extend({
    total: z
      .number()
      .int()
      .nonnegative()
      .optional()
      .meta({ description: 'How many there are over all pages. Present with `withTotal=true`.' }),
  });
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  /** Over all pages; where it was asked for. */
  total?: number | undefined;
}
