import type { Direction, SharedUse } from '@tollgate/engine';
import { z } from 'zod';
import { policies } from './registry.ts';

/** A policy type as the catalogue shows it. */
export interface CatalogueEntry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly priority: number;
  readonly direction: Direction;
  readonly shared: SharedUse;
  /** JSON Schema 2020-12 of the options as people write them. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** JSON Schema of what a consumer carries; null unless it is an authentication policy. */
  readonly credentialSchema: Readonly<Record<string, unknown>> | null;
}

/** Every policy type in its default order. */
export function policyCatalogue(): CatalogueEntry[] {
  return policies.map(({ name, title, description, priority, direction, shared, schema, credential }) => ({
    name,
    title,
    description,
    priority,
    direction,
    shared,
    schema: toJsonSchema(schema),
    credentialSchema: credential === undefined ? null : toJsonSchema(credential.schema),
  }));
}

function toJsonSchema(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, { io: 'input' });
}
