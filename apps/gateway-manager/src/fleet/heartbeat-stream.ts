import { Inject, Injectable } from '@nestjs/common';
import { heartbeat, type Heartbeat } from '@tollgate/contracts/dataplane';
import { REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import { z } from 'zod';

/** The Redis Stream that heartbeats travel through. */
export const heartbeatStream = 'tg:fleet:heartbeats';
/** Far above what a working consumer leaves unread; older entries give way, heartbeats may be lost. */
const maxEntries = 100_000;

/** A heartbeat as it lies in the stream. */
export const heartbeatEntry = z.object({
  dataPlaneId: z.string(),
  /** When the control plane received it, milliseconds since the epoch. */
  receivedAt: z.number().int(),
  heartbeat,
});
export type HeartbeatEntry = z.infer<typeof heartbeatEntry>;

/** Appends heartbeats; whoever consumes them is another matter. */
@Injectable()
export class HeartbeatStream {
  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  async append(dataPlaneId: string, body: Heartbeat): Promise<void> {
    const entry: HeartbeatEntry = { dataPlaneId, receivedAt: Date.now(), heartbeat: body };
    await this.redis.xadd(heartbeatStream, 'MAXLEN', '~', maxEntries, '*', 'entry', JSON.stringify(entry));
  }
}
