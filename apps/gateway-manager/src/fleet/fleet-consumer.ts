import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, READINESS, type Readiness, REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { FleetRepository, type Sighting } from './fleet.repository.ts';
import { heartbeatEntry, heartbeatStream } from './heartbeat-stream.ts';

const group = 'fleet';
const maxBatch = 500;
/** An idle read returns after this time, so that stopping never waits longer. */
const blockMs = 1_000;
const retryMs = 1_000;
/** Entries of a consumer that died are taken over after this time. */
const abandonedAfterMs = 30_000;

type StreamEntry = [id: string, fields: string[]];

/** Turns the stream of heartbeats into rows, in batches. Heartbeats may be lost; a state is never made up from that. */
@Injectable()
export class FleetConsumer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #name = `fleet-${randomUUID()}`;
  #connection: Redis | undefined;
  #running: Promise<void> | undefined;
  #isStopping = false;
  #hearingSince: number | null = null;

  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(FleetRepository) private readonly repository: FleetRepository,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(READINESS) readiness: Readiness,
  ) {
    readiness.register('fleet', async () => {
      if (this.#hearingSince === null) throw new Error('heartbeats are not being read');
    });
  }

  /** Since when heartbeats have been read without a gap, milliseconds since the epoch; null while they are not. */
  get hearingSince(): number | null {
    return this.#hearingSince;
  }

  onApplicationBootstrap(): void {
    this.#connection = this.redis.duplicate();
    this.#connection.on('error', (err) => this.logger.warn({ err }, 'connection for heartbeats failed'));
    this.#running = this.#run(this.#connection);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
    this.#connection?.disconnect();
  }

  async #run(connection: Redis): Promise<void> {
    while (!this.#isStopping) {
      try {
        await this.#readOnce(connection);
      } catch (err) {
        if (this.#isStopping) return;
        this.#hearingSince = null;
        this.logger.warn({ err }, 'heartbeats could not be read; trying again');
        await pause(retryMs);
      }
    }
  }

  async #readOnce(connection: Redis): Promise<void> {
    if (this.#hearingSince === null) await this.#join(connection);
    const abandoned = await connection.xautoclaim(
      heartbeatStream,
      group,
      this.#name,
      abandonedAfterMs,
      '0',
      'COUNT',
      maxBatch,
    );
    await this.#take(connection, (abandoned as [string, StreamEntry[]])[1]);
    const read = await connection.xreadgroup(
      'GROUP',
      group,
      this.#name,
      'COUNT',
      maxBatch,
      'BLOCK',
      blockMs,
      'STREAMS',
      heartbeatStream,
      '>',
    );
    const [stream] = (read ?? []) as [string, StreamEntry[]][];
    await this.#take(connection, stream?.[1] ?? []);
  }

  /** Also after Redis lost its data: the group is gone with it, reading fails and everything starts here again. */
  async #join(connection: Redis): Promise<void> {
    await connection.xgroup('CREATE', heartbeatStream, group, '$', 'MKSTREAM').catch((error: Error) => {
      if (!error.message.startsWith('BUSYGROUP')) throw error;
    });
    this.#hearingSince = Date.now();
  }

  async #take(connection: Redis, entries: readonly StreamEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const latest = new Map<string, Sighting>();
    for (const [, [, text]] of entries) {
      const sighting = text === undefined ? null : toSighting(text);
      if (sighting !== null) latest.set(sighting.dataPlaneId, sighting);
    }
    if (latest.size > 0) await this.repository.record([...latest.values()]);
    await connection.xack(heartbeatStream, group, ...entries.map(([id]) => id));
  }
}

function toSighting(text: string): Sighting | null {
  const parsed = heartbeatEntry.safeParse(JSON.parse(text));
  if (!parsed.success) return null;
  const { dataPlaneId, receivedAt, heartbeat } = parsed.data;
  return {
    dataPlaneId,
    seenAt: new Date(receivedAt).toISOString(),
    softwareVersion: heartbeat.version,
    name: heartbeat.hostname,
    clockOffsetMs: heartbeat.clockOffsetMs,
    load: heartbeat.load,
    groups: heartbeat.groups,
  };
}
