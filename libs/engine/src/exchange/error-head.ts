import type { CallState } from '../execute/call-state.ts';
import { HeaderList } from '../execute/header-list.ts';
import { type OwnError, renderError } from '../execute/own-answer.ts';
import type { ResponseHead } from '../policy/call.ts';

/** The head of an error in the group's format. @param docsUrl the page that explains error codes. */
export function errorHead({ requestId, path, program }: CallState, error: OwnError, docsUrl: string): ResponseHead {
  const { contentType, body } = renderError(error, { format: program.settings.errorFormat, requestId, path, docsUrl });
  return { status: error.status, headers: new HeaderList(['Content-Type', contentType]), body, isForwarded: false };
}
