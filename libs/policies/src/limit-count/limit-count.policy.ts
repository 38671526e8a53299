import { canonicalJson } from '@tollgate/contracts/gateway';
import { type Call, definePolicy } from '@tollgate/engine';
import { expandVariables } from '../expand-variables.ts';
import { WindowStore } from './fixed-windows.ts';
import { limitCountErrors } from './limit-count.errors.ts';
import { limitCountMetadataSchema, limitCountSchema } from './schema.ts';

/** Limits calls per fixed window and key. Local counters; no I/O. */
export const limitCount = definePolicy({
  name: 'limit-count',
  title: 'Call limit',
  description: 'Limits the number of calls per fixed time window, by any property of the call.',
  priority: 1002,
  direction: 'inbound',
  shared: 'allowed',
  schema: limitCountSchema,
  errors: Object.values(limitCountErrors),
  compile(options, { metadata, owner, shared, windows: table }) {
    const { count: limit, time_window: windowSeconds, rejected_code: status, rejected_msg: message, group } = options;
    const headers = limitCountMetadataSchema.parse(metadata);
    const store = shared('windows', () => new WindowStore(table()));
    // The same on every worker, and after a restart of one: what counts is where the limit stands and what it says.
    const identity = `${group === undefined ? owner : 'group'} ${canonicalJson(options)}`;
    const windows = store.limit(identity, { limit, windowMs: windowSeconds * 1000 });
    const keyOf = compileKey(options.key_type, options.key);
    return {
      onRequest(call) {
        const { isOver, remaining, resetSeconds } = windows.count(keyOf(call), call.arrivedAt, call.lane);
        if (options.show_limit_quota_header) {
          call.responseHeaders.set(headers.limit_header, limit);
          call.responseHeaders.set(headers.remaining_header, remaining);
          call.responseHeaders.set(headers.reset_header, resetSeconds);
        }
        if (!isOver) return undefined;
        if (status === 429) call.responseHeaders.set('Retry-After', String(resetSeconds));
        return call.reject(limitCountErrors.exceeded, message, {
          status,
          apisixBody: message === undefined ? '' : { error_msg: message },
        });
      },
    };
  },
});

function compileKey(type: 'var' | 'var_combination' | 'constant', key: string): (call: Call) => string {
  switch (type) {
    case 'constant':
      return () => key;
    case 'var':
      return (call) => call.variable(key) || call.clientAddress;
    case 'var_combination':
      return (call) => {
        const { text, resolved } = expandVariables(key, call);
        return resolved === 0 ? call.clientAddress : text;
      };
  }
}
