import { jsonPointer } from '@tollgate/contracts/gateway';
import { z } from 'zod';

/** A field that no gateway reads, with a JSON pointer to it. */
export interface FieldWarning {
  pointer: string;
  message: string;
}

/** Enough for people to see what is wrong; a document of nothing but unknown fields stays bounded. */
const maxWarnings = 50;

/** Fields of a value that its schema keeps but does not know. Options of policies are not looked into. */
export function findUnknownFields(schema: z.ZodType, value: unknown): FieldWarning[] {
  const found: FieldWarning[] = [];
  visit(schema, value, [], found);
  return found.slice(0, maxWarnings);
}

function visit(schema: z.core.$ZodType, value: unknown, path: PropertyKey[], found: FieldWarning[]): void {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    value.forEach((item, index) => visit(inner.element, item, [...path, index], found));
    return;
  }
  if (!(inner instanceof z.ZodObject) || typeof value !== 'object' || value === null) return;
  const shape = inner.shape as Record<string, z.core.$ZodType | undefined>;
  for (const [name, member] of Object.entries(value)) {
    const known = shape[name];
    const at = [...path, name];
    if (known) visit(known, member, at, found);
    else
      found.push({ pointer: jsonPointer(at), message: 'No gateway knows this field; it is kept and has no effect.' });
  }
}

/** The schema below optional, default and prefault wrappers. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrap(schema.unwrap());
  }
  return schema;
}
