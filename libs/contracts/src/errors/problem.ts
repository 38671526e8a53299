import { z } from 'zod';

/** RFC 9457 problem document, with the members every Tollgate error carries. */
export const problem = z
  .object({
    type: z.string().meta({ description: 'Address of the page that explains the code.' }),
    title: z.string(),
    status: z.number().int().min(400).max(599),
    detail: z.string().optional(),
    instance: z.string().optional(),
    code: z.string().meta({ description: 'Stable, documented, never reused.' }),
    requestId: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string().meta({ description: 'JSON Pointer to the offending value.' }),
          message: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'What went wrong, for programs and people (RFC 9457).' });

export type Problem = z.infer<typeof problem>;
