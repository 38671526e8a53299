import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { description, displayName, timestamp, version } from '../fields.ts';
import { policyTypeName } from './policy-types.ts';

/** One policy of a template: a type of the catalogue and its options, in APISIX's shape, `_meta` included. */
export const policy = z
  .strictObject({
    type: policyTypeName,
    options: z.record(z.string().max(200), z.unknown()).default({}).meta({
      description: 'Options as the type’s JSON Schema describes them; `_meta` may set `priority` and `disable`.',
    }),
  })
  .meta({ id: 'Policy' });
export type Policy = z.output<typeof policy>;

/** Policies in the order in which they run. A type may stand in a template once. */
export const policySet = z
  .strictObject({
    inbound: z.array(policy).max(50).default([]),
    outbound: z.array(policy).max(50).default([]),
  })
  .meta({ id: 'PolicySet' });
export type PolicySet = z.output<typeof policySet>;

/** A named set of policies. `draft` changes freely; traffic sees published versions only. */
export const policyTemplate = z
  .object({
    id: idSchema('ptp'),
    name: displayName,
    description,
    draft: policySet,
    latestVersion: z
      .number()
      .int()
      .nonnegative()
      .meta({ description: 'Number of the newest published version; 0 before the first.' }),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'PolicyTemplate' });
export type PolicyTemplate = z.output<typeof policyTemplate>;

/** An immutable version of a template. */
export const policyTemplateVersion = z
  .object({
    templateId: idSchema('ptp'),
    number: z.number().int().positive(),
    note: z.string(),
    policies: policySet,
    contentHash: z
      .string()
      .meta({ description: 'SHA-256, hex, of the resolved policies: equal hashes mean equal behaviour.' }),
    publishedAt: timestamp,
    publishedBy: z.string().meta({ description: 'Id of the principal who published it.' }),
  })
  .meta({ id: 'PolicyTemplateVersion' });
export type PolicyTemplateVersion = z.output<typeof policyTemplateVersion>;
