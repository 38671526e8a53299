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

/** Response of every list, in a stable order. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'Pass as `cursor` for the next page; null at the end.' }),
  });
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
