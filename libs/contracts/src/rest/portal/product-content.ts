import { z } from 'zod';
import { displayName, slug, timestamp } from '../fields.ts';

/** Largest OpenAPI document of a product, in UTF-8 bytes, both as it is sent and as JSON. */
export const maxReferenceBytes = 1024 * 1024;
/** Most guides of a product. */
export const maxGuides = 20;
/** Longest guide, in characters. */
export const maxGuideCharacters = 200_000;

/** What is told of a product’s OpenAPI document without the document. */
export const referenceSummary = z
  .object({
    title: z.string(),
    specification: z.enum(['openapi-3.0', 'openapi-3.1']),
    operations: z.number().int().nonnegative().meta({ description: 'How many operations its paths have.' }),
    updatedAt: timestamp,
  })
  .meta({ id: 'ReferenceSummary' });
export type ReferenceSummary = z.output<typeof referenceSummary>;

/** An OpenAPI 3.0 or 3.1 document as its author wrote it, in JSON. */
export const referenceDocument = z
  .looseObject({ openapi: z.string() })
  .meta({ id: 'ReferenceDocument', description: 'An OpenAPI 3.0 or 3.1 document, in the order it was written.' });
export type ReferenceDocument = z.output<typeof referenceDocument>;

/** What is told of a guide without its text. */
export const guideSummary = z
  .object({
    slug: slug.meta({ description: 'The guide’s part of its address; unique within the product.' }),
    title: displayName,
  })
  .meta({ id: 'GuideSummary' });
export type GuideSummary = z.output<typeof guideSummary>;

/** A page of a product’s documentation. */
export const guide = guideSummary
  .extend({
    markdown: z
      .string()
      .max(maxGuideCharacters)
      .regex(/^[^\0]*$/, 'NUL is not allowed.')
      .meta({ description: 'CommonMark; HTML in it is text.' }),
  })
  .meta({ id: 'Guide' });
export type Guide = z.output<typeof guide>;
