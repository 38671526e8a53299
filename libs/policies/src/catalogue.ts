import { type Language, sourceLanguage } from '@tollgate/contracts/languages';
import type { Direction, SharedUse } from '@tollgate/engine';
import { z } from 'zod';
import { policyTranslations } from './policy-translations.ts';
import { policies } from './registry.ts';
import { type Schema, withTexts } from './schema-texts.ts';

/** A policy type as the catalogue shows it. */
export interface CatalogueEntry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly priority: number;
  readonly direction: Direction;
  readonly shared: SharedUse;
  /** JSON Schema 2020-12 of the options as people write them. */
  readonly schema: Schema;
  /** JSON Schema of what a consumer carries; null unless it is an authentication policy. */
  readonly credentialSchema: Schema | null;
}

/** Every policy type in its default order, with texts in a language; what lacks its text there is told in English. */
export function policyCatalogue(language: Language = sourceLanguage): CatalogueEntry[] {
  const entries = policies.map(({ name, title, description, priority, direction, shared, schema, credential }) => ({
    name,
    title,
    description,
    priority,
    direction,
    shared,
    schema: toJsonSchema(schema),
    credentialSchema: credential === undefined ? null : toJsonSchema(credential.schema),
  }));
  return language === sourceLanguage ? entries : entries.map((entry) => translated(entry, language));
}

function translated(entry: CatalogueEntry, language: Exclude<Language, typeof sourceLanguage>): CatalogueEntry {
  const texts = policyTranslations[language][entry.name];
  if (texts === undefined) return entry;
  return {
    ...entry,
    title: texts.title.is,
    description: texts.description.is,
    schema: withTexts(entry.schema, texts.options),
    credentialSchema: entry.credentialSchema === null ? null : withTexts(entry.credentialSchema, texts.credential),
  };
}

function toJsonSchema(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: 'input' });
}
