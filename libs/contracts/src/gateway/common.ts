import { z } from 'zod';

const idPattern = /^[a-zA-Z0-9\-_.]{1,64}$/;

/** Whether a text is an id as {@link resourceIdSchema} has it: for the ids of 100,000 resources, which need no faults told. */
export function isResourceId(id: string): boolean {
  return idPattern.test(id);
}

/** An APISIX id: 1–64 characters of letters, digits, `-`, `_`, `.`; a number is read as its decimal form. */
export const resourceIdSchema = z
  .union([z.string(), z.number().int().nonnegative()])
  .transform(String)
  .pipe(z.string().regex(idPattern, 'must be 1-64 characters of letters, digits, "-", "_" or "."'));

/** Free name/value pairs. Those of {@link accountingLabels} are read by accounting, the rest is only carried. */
export const labelsSchema = z.record(z.string().min(1).max(64), z.string().min(1).max(256));

/** Fields that every APISIX resource may carry and that never influence traffic. */
export const descriptiveFields = {
  name: z.string().min(1).max(100).optional(),
  desc: z.string().max(256).optional(),
  labels: labelsSchema.optional(),
  create_time: z.number().int().optional(),
  update_time: z.number().int().optional(),
};

/** 1 = in force, 0 = kept but ignored. */
export const statusSchema = z.union([z.literal(0), z.literal(1)]).default(1);

/** Seconds, each counted from the previous progress on the upstream connection. */
export const timeoutSchema = z.looseObject({
  connect: z.number().positive().default(60),
  send: z.number().positive().default(60),
  read: z.number().positive().default(60),
});

/** A host name, optionally starting with `*.` for all of its sub-domains; compared case-insensitively. */
export const hostPatternSchema = z
  .string()
  .max(253)
  .regex(/^(\*\.?)?[0-9a-zA-Z\-._[\]:]*$/, 'must be a host name, "*.example.com" or an address')
  .refine((host) => host.length > 0, 'must not be empty')
  .transform((host) => host.toLowerCase());

/** An IPv4 or IPv6 address or a CIDR range. */
export const addressRangeSchema = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

/** What APISIX keeps beside the options of any plugin. */
export const pluginMetaSchema = z.looseObject({
  disable: z.boolean().optional(),
  priority: z.number().int().optional(),
  error_response: z.union([z.string(), z.looseObject({})]).optional(),
  filter: z.array(z.unknown()).optional(),
});
export type PluginMeta = z.infer<typeof pluginMetaSchema>;

/** Options by policy name. The options themselves are checked by the policy's own schema when they are compiled. */
export const pluginsSchema = z.record(z.string().min(1), z.looseObject({ _meta: pluginMetaSchema.optional() }));
export type Plugins = z.infer<typeof pluginsSchema>;
