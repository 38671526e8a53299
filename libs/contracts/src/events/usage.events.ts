import { usageBatch } from '../dataplane/usage.ts';
import { z } from 'zod';
import { idSchema } from '../ids/index.ts';
import { defineEvent } from './envelope.ts';

export const usageBatchAccepted = defineEvent({
  type: 'usage.batch.accepted.v1',
  topic: 'tollgate.usage.batch',
  description: 'Counters of one data plane; keyed by instance. (instance, epoch, sequence) makes ingestion idempotent.',
  data: z.object({
    instanceId: idSchema('dp'),
    poolId: idSchema('pool'),
    /** SHA-256 of the batch as received: the same sequence with other content is refused and alarmed. */
    contentSha256: z.string().regex(/^[0-9a-f]{64}$/),
    batch: usageBatch,
  }),
});
