import { type Call, definePolicy } from '@tollgate/engine';
import { corsSchema } from './schema.ts';

const allMethods = 'GET,POST,PUT,DELETE,PATCH,HEAD,OPTIONS,CONNECT,TRACE';

/** Answers what browsers ask before and with calls from other origins. No I/O; safe to share between requests. */
export const cors = definePolicy({
  name: 'cors',
  title: 'CORS',
  description: 'Lets scripts of other origins call the API, and answers their preflight requests.',
  priority: 4000,
  direction: 'both',
  shared: 'allowed',
  isStateless: true,
  schema: corsSchema,
  errors: [],
  compile(options) {
    const { allow_methods: methods, allow_headers: headers, expose_headers: exposed, max_age: maxAge } = options;
    const originFor = compileOrigins(options.allow_origins, options.allow_origins_by_regex ?? []);
    const allow = (call: Call, origin: string): void => {
      const set = (name: string, value: string) => call.responseHeaders.set(name, value);
      set('Access-Control-Allow-Origin', origin);
      if (origin !== '*') set('Vary', 'Origin');
      set('Access-Control-Allow-Methods', methods.startsWith('*') ? allMethods : methods);
      set('Access-Control-Max-Age', String(maxAge));
      if (exposed !== undefined) set('Access-Control-Expose-Headers', exposed);
      if (options.allow_credential) set('Access-Control-Allow-Credentials', 'true');
      set('Access-Control-Allow-Headers', allowedHeaders(headers, call));
    };
    return {
      onRewrite(call) {
        const origin = originFor(call.header('origin'));
        if (origin !== null) allow(call, origin);
        return call.method === 'OPTIONS' ? call.respond({ status: 200 }) : undefined;
      },
    };
  },
});

/** A function that gives the value for Access-Control-Allow-Origin; null when the origin is not allowed. */
function compileOrigins(list: string, expressions: readonly string[]): (origin: string | undefined) => string | null {
  if (list === '*' && expressions.length === 0) return () => '*';
  if (list === '**') return (origin) => origin ?? '*';
  const listed = new Set(list.split(',').map((origin) => origin.trim()));
  const patterns = expressions.map((expression) => new RegExp(expression));
  return (origin) => {
    if (origin === undefined) return null;
    return listed.has(origin) || patterns.some((pattern) => pattern.test(origin)) ? origin : null;
  };
}

function allowedHeaders(configured: string, call: Call): string {
  if (configured !== '**') return configured;
  return call.header('access-control-request-headers') ?? '*';
}
