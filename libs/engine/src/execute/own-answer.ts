import type { ErrorDefinition, Problem } from '@tollgate/contracts/errors';
import type { ErrorFormat } from '@tollgate/contracts/gateway';

/** An error that the gateway answers itself. */
export interface OwnError {
  readonly error: ErrorDefinition;
  readonly status: number;
  readonly detail: string;
  /** The body in groups with `errorFormat: apisix`. */
  readonly apisixBody: unknown;
}

/** The error as it is defined, explained by `detail`. */
export function ownError(error: ErrorDefinition, detail = error.title): OwnError {
  return { error, detail, status: error.status, apisixBody: { error_msg: detail } };
}

/** What surrounds an error when it is written. */
export interface ErrorSetting {
  readonly format: ErrorFormat;
  readonly requestId: string;
  readonly path: string;
  /** The page that explains error codes. */
  readonly docsUrl: string;
}

/** Content type and body of an error in a group's format. */
export function renderError(
  { error, status, detail, apisixBody }: OwnError,
  { format, requestId, path, docsUrl }: ErrorSetting,
): { contentType: string; body: string } {
  if (format === 'apisix') {
    return typeof apisixBody === 'string'
      ? { contentType: 'text/plain; charset=utf-8', body: apisixBody }
      : { contentType: 'application/json', body: `${JSON.stringify(apisixBody)}\n` };
  }
  const problem: Problem = {
    type: `${docsUrl}#${error.code.replaceAll('.', '-')}`,
    title: error.title,
    status,
    detail,
    instance: path,
    code: error.code,
    requestId,
  };
  return { contentType: 'application/problem+json', body: JSON.stringify(problem) };
}
