/** A JSON Schema (2020-12) as far as forms read it; what they do not know is left to the check. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

/** True for `{…}`. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One step of a JSON Pointer. */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The steps of a JSON Pointer, with or without a leading `#`. */
export function stepsOf(pointer: string): string[] {
  return pointer
    .replace(/^#/, '')
    .split('/')
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * The schema without references: each is replaced by what it names under `$defs`. A schema within itself accepts anything at its second
 * turn; the server checks there.
 */
export function withoutReferences(schema: JsonSchema): JsonSchema {
  const definitions = schema.$defs ?? {};
  const replaced = (part: unknown, open: readonly string[]): unknown => {
    if (Array.isArray(part)) return part.map((inner) => replaced(inner, open));
    if (!isObject(part)) return part;
    if (typeof part.$ref === 'string') {
      const name = part.$ref.split('/').at(-1) ?? '';
      const { $ref: _, ...beside } = part;
      if (open.includes(name) || definitions[name] === undefined) return beside;
      return { ...(replaced(definitions[name], [...open, name]) as object), ...beside };
    }
    return Object.fromEntries(
      Object.entries(part)
        .filter(([key]) => key !== '$defs')
        .map(([key, inner]) => [key, replaced(inner, open)]),
    );
  };
  return replaced(schema, []) as JsonSchema;
}
