import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { pageOf, pageQuery } from '../page.ts';

/** Name of a policy type, as in the `plugins` of Apache APISIX. */
export const policyTypeName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z][a-z0-9-]*$/, 'Lower-case letters, digits and hyphens; a letter first.')
  .meta({ description: 'Name of a policy type.', examples: ['key-auth'] });

/** One entry of the catalogue: what a policy does, where it runs and which options it takes. */
export const policyType = z
  .object({
    name: policyTypeName,
    title: z.string(),
    description: z.string(),
    priority: z.number().int().meta({ description: 'Default order: the greater runs first.' }),
    direction: z.enum(['inbound', 'outbound', 'both']),
    shared: z
      .enum(['allowed', 'limited', 'forbidden'])
      .meta({ description: 'Whether gateways that serve many tenants run this policy.' }),
    optionsSchema: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema (2020-12) of the options.' }),
    credentialSchema: z.record(z.string(), z.unknown()).nullable().meta({
      description: 'JSON Schema of what consumers carry for this policy; null unless it authenticates callers.',
    }),
  })
  .meta({ id: 'PolicyType' });
export type PolicyType = z.output<typeof policyType>;

export const listPolicyTypes = defineEndpoint({
  service: 'policy-manager',
  operationId: 'listPolicyTypes',
  method: 'GET',
  path: '/api/v1/policy-types',
  kind: 'list',
  tag: 'Policies',
  summary: 'List the policy catalogue',
  description:
    'All policy types in the order in which they run by default. Titles and descriptions are in the language of `Accept-Language`.',
  inLanguages: [],
  access: { kind: 'permission', permission: 'policies.read' },
  query: pageQuery,
  response: pageOf(policyType),
});

export const getPolicyType = defineEndpoint({
  service: 'policy-manager',
  operationId: 'getPolicyType',
  method: 'GET',
  path: '/api/v1/policy-types/{name}',
  kind: 'get',
  tag: 'Policies',
  summary: 'Read one policy type with the JSON Schema of its options',
  access: { kind: 'permission', permission: 'policies.read' },
  inLanguages: [],
  params: z.strictObject({ name: policyTypeName }),
  response: policyType,
});
