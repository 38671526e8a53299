import type { ErrorDefinition } from '@tollgate/contracts/errors';

/** Place in the request that an error is about. */
export interface ErrorPlace {
  /** JSON Pointer; `/query/limit` and `/headers/if-match` name what is not in the body. */
  pointer: string;
  message: string;
}

/** An error that the caller is told about, as a problem document with the definition's code. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly detail: string | undefined;
  readonly errors: readonly ErrorPlace[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly definition: ErrorDefinition,
    options: {
      detail?: string;
      errors?: readonly ErrorPlace[];
      headers?: Record<string, string>;
      cause?: unknown;
    } = {},
  ) {
    super(`${definition.code}: ${options.detail ?? definition.title}`, { cause: options.cause });
    this.detail = options.detail;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }
}
