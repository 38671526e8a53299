import { z } from 'zod';

/** Options; as APISIX's. */
export const requestIdSchema = z.looseObject({
  header_name: z
    .string()
    .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/)
    .default('X-Request-Id')
    .describe('Header that carries the id.'),
  include_in_response: z.boolean().default(true).describe('Whether the answer carries the id too.'),
  algorithm: z.enum(['uuid', 'nanoid', 'range_id']).default('uuid').describe('How new ids are made.'),
  range_id: z
    .looseObject({
      length: z.number().int().min(6).max(128).default(16),
      char_set: z.string().min(6).default('abcdefghijklmnopqrstuvwxyzABCDEFGHIGKLMNOPQRSTUVWXYZ0123456789'),
    })
    .prefault({})
    .describe('Length and characters of ids made by `range_id`.'),
});
