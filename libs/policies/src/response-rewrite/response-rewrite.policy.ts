import { compileExpression, definePolicy } from '@tollgate/engine';
import { applyHeaderChanges } from '../header-changes.ts';
import { responseRewriteSchema } from './schema.ts';

/** Changes status, headers and body of answers. No I/O; safe to share between requests. */
export const responseRewrite = definePolicy({
  name: 'response-rewrite',
  title: 'Response rewrite',
  description: 'Changes status, headers and body of answers on their way to the client.',
  priority: 899,
  direction: 'outbound',
  shared: 'allowed',
  isStateless: true,
  schema: responseRewriteSchema,
  errors: [],
  compile({ status_code: status, body, body_base64: isBase64, headers, vars, ...rest }) {
    if (rest['filters'] !== undefined) throw new Error('filters are not supported');
    const holds = vars === undefined || vars.length === 0 ? null : compileExpression(vars);
    const newBody = body === undefined ? null : Buffer.from(body, isBase64 ? 'base64' : 'utf8');
    return {
      onResponse(call, response) {
        const read = (name: string) => (name === 'status' ? String(response.status) : call.variable(name));
        if (holds !== null && !holds(read)) return;
        if (status !== undefined) response.status = status;
        if (newBody !== null) {
          response.body = newBody;
          response.headers.remove('content-encoding');
        }
        if (headers !== undefined) applyHeaderChanges(response.headers, headers, call);
      },
    };
  },
});
