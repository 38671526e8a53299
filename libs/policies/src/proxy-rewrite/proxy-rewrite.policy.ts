import { type Call, definePolicy } from '@tollgate/engine';
import { expandVariables } from '../expand-variables.ts';
import { applyHeaderChanges } from '../header-changes.ts';
import { proxyRewriteSchema } from './schema.ts';

/** Changes path, method, Host and headers of what goes to the upstream. No I/O; safe to share between requests. */
export const proxyRewrite = definePolicy({
  name: 'proxy-rewrite',
  title: 'Request rewrite',
  description: 'Changes path, method, Host and headers on the way to the upstream.',
  priority: 1008,
  direction: 'inbound',
  shared: 'allowed',
  isStateless: true,
  schema: proxyRewriteSchema,
  errors: [],
  compile({ uri, regex_uri: pairs, method, host, headers }) {
    const rewritePath = compilePath(uri, pairs);
    return {
      onRewrite(call) {
        const { upstreamRequest } = call;
        const path = rewritePath(call);
        if (path !== null) upstreamRequest.target = withQuery(path, call.query);
        if (method !== undefined) upstreamRequest.method = method;
        if (host !== undefined) upstreamRequest.host = withoutSpaces(expandVariables(host, call).text);
        if (headers !== undefined) applyHeaderChanges(upstreamRequest.headers, headers, call);
      },
    };
  },
});

/** A function that gives the new path, or null to keep the old one. */
function compilePath(uri: string | undefined, pairs: readonly string[] | undefined): (call: Call) => string | null {
  if (uri !== undefined) return (call) => encodeUnsafe(expandVariables(uri, call).text);
  const rules = Array.from({ length: (pairs?.length ?? 0) / 2 }, (_, index) => ({
    expression: new RegExp(pairs?.[index * 2] ?? ''),
    replacement: pairs?.[index * 2 + 1] ?? '',
  }));
  return (call) => {
    const rule = rules.find(({ expression }) => expression.test(call.path));
    return rule === undefined ? null : encodeUnsafe(call.path.replace(rule.expression, rule.replacement));
  };
}

function withQuery(path: string, query: string): string {
  if (query === '') return path;
  return path.includes('?') ? `${path}&${query}` : `${path}?${query}`;
}

/** Escapes what may not stand in a request line; existing escapes stay. */
function encodeUnsafe(path: string): string {
  return path.replace(/[^\x21-\x7e]+|[#"<>\\^`{|}]/gu, (run) => encodeURIComponent(run));
}

function withoutSpaces(host: string): string {
  return host.replace(/[^\x21-\x7e]+/g, '');
}
