/** One entry of the error registry: two texts, one for the caller and one for the operator. */
export interface ErrorDefinition {
  /** `<area>.<what>`; documented under `docs/reference/errors.md`; never reused for something else. */
  readonly code: string;
  readonly status: number;
  /** What the caller reads. */
  readonly title: string;
  /** What whoever runs the platform should know or do. */
  readonly operator: string;
}

const defined = new Map<string, ErrorDefinition>();

/**
 * Declares an error code.
 * @throws Error when the code is declared twice.
 */
export function defineError(definition: ErrorDefinition): ErrorDefinition {
  if (defined.has(definition.code)) throw new Error(`error ${definition.code} is declared twice`);
  const error = Object.freeze(definition);
  defined.set(error.code, error);
  return error;
}

/** Every declared error of the modules that were loaded, ordered by code. */
export function errorCatalogue(): ErrorDefinition[] {
  return [...defined.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}
