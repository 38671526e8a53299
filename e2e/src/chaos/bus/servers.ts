import { join } from 'node:path';
import {
  removePostgresData,
  startKafka,
  startPostgres,
  startRedis,
  type KafkaServer,
  type PostgresServer,
  type RedisServer,
} from '@tollgate/embedded';

/** A server that can be killed and started again on its data and port. */
export class KillableServer<S extends { readonly port: number; kill(): Promise<void>; stop(): Promise<void> }> {
  readonly #start: (port: number) => Promise<S>;
  #running: S | undefined;

  constructor(start: (port: number) => Promise<S>) {
    this.#start = start;
  }

  get current(): S {
    if (!this.#running) throw new Error('the server was not started');
    return this.#running;
  }

  async start(): Promise<void> {
    this.#running = await this.#start(this.#running?.port ?? 0);
  }

  async restart(): Promise<void> {
    await this.#running?.kill();
    await this.start();
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
  }
}

/** The servers of one bus: PostgreSQL, Redis and, where the bus is Kafka, a broker. */
export class BusServers {
  readonly postgres: KillableServer<PostgresServer>;
  readonly redis: KillableServer<RedisServer>;
  readonly kafka: KillableServer<KafkaServer> | undefined;
  readonly #postgresFolder: string;

  /** @param folder a temporary folder; what is acknowledged is really on its disk. */
  constructor(folder: string, bus: 'kafka' | 'redis-streams') {
    this.#postgresFolder = join(folder, 'postgres');
    this.postgres = new KillableServer((port) => startPostgres({ dataDir: this.#postgresFolder, port }));
    this.redis = new KillableServer((port) => startRedis({ dataDir: join(folder, 'redis'), port }));
    this.kafka =
      bus === 'kafka' ? new KillableServer((port) => startKafka({ dataDir: join(folder, 'kafka'), port })) : undefined;
  }

  async start(): Promise<void> {
    await Promise.all(this.#all().map((server) => server.start()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all().map((server) => server.stop()));
    removePostgresData(this.#postgresFolder);
  }

  #all(): { start(): Promise<void>; stop(): Promise<void> }[] {
    return [this.postgres, this.redis, ...(this.kafka ? [this.kafka] : [])];
  }
}
