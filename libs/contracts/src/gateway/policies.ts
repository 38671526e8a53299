import { z } from 'zod';
import { descriptiveFields, pluginsSchema } from './common.ts';

/** A named set of policies that routes and services refer to: what a policy template compiles to. */
export const pluginConfigSchema = z.looseObject({ ...descriptiveFields, plugins: pluginsSchema });
export type PluginConfig = z.infer<typeof pluginConfigSchema>;

/** Policies that run for every call of the group, apart from those of routes and consumers. */
export const globalRuleSchema = z.looseObject({ ...descriptiveFields, plugins: pluginsSchema });
export type GlobalRule = z.infer<typeof globalRuleSchema>;

/** Options of a policy that are the same wherever it is used; the resource's id is the policy's name. */
export const pluginMetadataSchema = z.looseObject({});
export type PluginMetadata = z.infer<typeof pluginMetadataSchema>;
