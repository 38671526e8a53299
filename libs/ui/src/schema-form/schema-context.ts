import { type Component, inject, type InjectionKey, provide } from 'vue';
import type { FieldText } from './field-texts.ts';
import type { JsonSchema } from './json-schema.ts';

/** What a place of the form is given, whatever it is edited with. */
export interface PlaceProps {
  readonly schema: JsonSchema;
  /** Names of the properties that lead here, without positions in lists. */
  readonly path: readonly string[];
  /** JSON Pointer of the value. */
  readonly pointer: string;
  readonly name: string;
  readonly required?: boolean;
}

/** What all places of one form share. */
export interface SchemaContext {
  /** Why a place is refused; undefined while it is fine or nobody has been there yet. */
  readonly errorOf: (pointer: string) => string | undefined;
  readonly textOf: (
    place: Pick<PlaceProps, 'path' | 'name' | 'schema'>,
  ) => Required<Pick<FieldText, 'label'>> & FieldText;
  readonly visit: (pointer: string) => void;
  readonly isReadonly: () => boolean;
  /** The component of a place; given here because places hold places. */
  readonly place: Component;
}

const key: InjectionKey<SchemaContext> = Symbol('schema form');

/** For the form. */
export function provideSchemaContext(context: SchemaContext): void {
  provide(key, context);
}

/** For its places. @throws Error outside of a form. */
export function useSchemaContext(): SchemaContext {
  const context = inject(key);
  if (context === undefined) throw new Error('a place of a form stands in UiSchemaForm');
  return context;
}
