import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { definePolicy } from '@tollgate/engine';
import type { z } from 'zod';
import { requestIdSchema } from './schema.ts';

/** Gives every call an id in a header of choice. No I/O; safe to share between requests. */
export const requestId = definePolicy({
  name: 'request-id',
  title: 'Request id',
  description: 'Passes an id of the call on to the upstream and back, in a header of choice.',
  priority: 12015,
  direction: 'both',
  shared: 'allowed',
  isStateless: true,
  schema: requestIdSchema,
  errors: [],
  compile(options) {
    const { header_name: header, include_in_response: isInResponse } = options;
    const create = generator(options);
    return {
      onRewrite(call) {
        const id = call.header(header) || (isEngineHeader(header) ? call.requestId : create());
        call.upstreamRequest.headers.set(header, id);
        if (isInResponse && !isEngineHeader(header)) call.responseHeaders.set(header, id);
      },
    };
  },
});

/** The engine itself echoes this one. */
function isEngineHeader(header: string): boolean {
  return header.toLowerCase() === 'x-request-id';
}

function generator({ algorithm, range_id: range }: z.output<typeof requestIdSchema>): () => string {
  switch (algorithm) {
    case 'uuid':
      return randomUUID;
    case 'nanoid':
      return () => randomBytes(16).toString('base64url').slice(0, 21);
    case 'range_id':
      return () =>
        Array.from({ length: range.length }, () => range.char_set[randomInt(range.char_set.length)]).join('');
  }
}
