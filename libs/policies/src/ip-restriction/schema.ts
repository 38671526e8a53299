import { z } from 'zod';

const addresses = z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).min(1);

/** Options; as APISIX's. */
export const ipRestrictionSchema = z
  .looseObject({
    whitelist: addresses.optional().describe('Addresses and ranges allowed; all others are refused.'),
    blacklist: addresses.optional().describe('Addresses and ranges refused.'),
    message: z.string().min(1).max(1024).default('Your IP address is not allowed').describe('Text of the refusal.'),
    response_code: z.number().int().min(403).max(404).default(403).describe('Status of the refusal: 403 or 404.'),
  })
  .refine(({ whitelist, blacklist }) => (whitelist === undefined) !== (blacklist === undefined), {
    message: 'exactly one of whitelist and blacklist is required',
  });
