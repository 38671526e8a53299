import type { ErrorDefinition } from '@tollgate/contracts/errors';
import { generatedNote } from './markdown.ts';

/** Page of all error codes: what the caller reads and what the operator should know. Problem documents link here by anchor. */
export function errorReference(errors: readonly ErrorDefinition[]): string {
  const sections = errors.map(({ code, status, title, operator }) =>
    [
      `<a id="${code.replaceAll('.', '-')}"></a>`,
      '',
      `## ${code}`,
      '',
      `Status **${status}** — ${title}.`,
      '',
      operator,
      '',
    ].join('\n'),
  );
  return [
    generatedNote,
    '',
    '# Errors',
    '',
    'Every error is a problem document (RFC 9457, `application/problem+json`) with `type`, `title`, `status`, `code` and `requestId`; `errors[]` names the places of wrong input by JSON Pointer. Codes are never reused.',
    '',
    ...sections,
  ].join('\n');
}
