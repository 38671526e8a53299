import { z } from 'zod';
import { addressRangeSchema, hostPatternSchema } from './common.ts';

/** How a gateway writes the errors that it answers itself. */
export const errorFormats = ['problem', 'apisix'] as const;
export type ErrorFormat = (typeof errorFormats)[number];

/**
 * What a data plane does with calls that a quota limits while it hears nothing from the control plane: `keep` lets the last lease hold,
 * `refuse` refuses them (503), `allow` lets them pass.
 */
export const quotaWhenCutOffModes = ['keep', 'refuse', 'allow'] as const;
export type QuotaWhenCutOff = (typeof quotaWhenCutOffModes)[number];

/** The id under which a group's one settings object travels. */
export const groupSettingsId = 'settings';

/**
 * How a group's upstreams are used beyond what APISIX does; kept here because nothing of ours stands inside APISIX's objects. What is left
 * out is as the data plane has it, which is off by default.
 */
export const upstreamSettingsSchema = z.looseObject({
  /** Seconds in which a node that is new or has become healthy gets its share of calls in ten steps; 0 = at once. */
  slowStartSeconds: z.number().nonnegative().max(3600).optional(),
  /** Leaving out nodes whose calls fail one after the other, where the upstream has passive checks. */
  ejection: z
    .looseObject({
      /** Answers with status 500 and above, failed connections and timeouts in a row. */
      failures: z.number().int().positive().default(5),
      /** The first time; the n-th one of late lasts n times as long, at most `maxSeconds`. */
      baseSeconds: z.number().positive().max(86_400).default(30),
      maxSeconds: z.number().positive().max(86_400).default(300),
      /** Share of an upstream's nodes that may be left out at once; one always may. */
      maxShare: z.number().positive().max(1).default(0.5),
    })
    .optional(),
});

/** What belongs to a gateway group as a whole; kept beside the APISIX resources, one object per group. */
export const gatewayGroupSettingsSchema = z.looseObject({
  /** The owner, for accounting. */
  tenantId: z.string().min(1),
  projectId: z.string().min(1).optional(),
  environmentId: z.string().min(1).optional(),
  /** Host names (exact or `*.example.com`) that belong to this group on every data plane of its pool. */
  hosts: z.array(hostPatternSchema).min(1),
  /** `problem` = RFC 9457 documents, `apisix` = the bodies that APISIX sends. */
  errorFormat: z.enum(errorFormats).default('problem'),
  /** Seconds after which a data plane that is cut off from the control plane stops serving; unset: never. */
  maxAccessAgeSeconds: z.number().int().positive().optional(),
  /** Considered once the control plane has been silent for 30 seconds. */
  quotaWhenCutOff: z.enum(quotaWhenCutOffModes).default('keep'),
  /** Peers whose X-Forwarded-* headers are believed. */
  trustedProxies: z.array(addressRangeSchema).default([]),
  /** Largest request body in bytes; unset: the data plane's limit. */
  bodyLimitBytes: z.number().int().positive().optional(),
  upstreams: upstreamSettingsSchema.optional(),
});
export type GatewayGroupSettings = z.infer<typeof gatewayGroupSettingsSchema>;
/** Settings as people write them, defaults left out. */
export type GatewayGroupSettingsInput = z.input<typeof gatewayGroupSettingsSchema>;
