import type { ErrorDefinition } from '@tollgate/contracts/errors';
import { escapeHtml, page } from './page.ts';

function entry({ code, status, title, operator }: ErrorDefinition): string {
  return `<section id="${code.replaceAll('.', '-')}">
<h2><code>${escapeHtml(code)}</code></h2>
<p><b>${status}</b> ${escapeHtml(title)}.<br>${escapeHtml(operator)}</p>
</section>`;
}

/** What every error code means. The `type` of a problem document points at its section. */
export function errorsPage(errors: readonly ErrorDefinition[]): string {
  return page(
    'Errors of the Tollgate API',
    `<h1>Errors</h1>
<p>Every error is a problem document with a stable code. Here is what each means, and what the operator should know.</p>
${errors.map(entry).join('\n')}`,
  );
}
