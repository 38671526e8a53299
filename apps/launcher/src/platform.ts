import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunFile } from '@tollgate/contracts/runtime';
import { readOrCreateSecret, runToEnd } from '@tollgate/embedded';
import type { LauncherConfig } from './config.ts';
import type { Progress } from './console/progress.ts';
import type { DataFolder } from './data-folder/data-folder.ts';
import { writeRunFile } from './data-folder/run-file.ts';
import { appPart } from './parts/app-process.ts';
import { stablePorts } from './parts/stable-ports.ts';
import { postgresPart, redisPart } from './parts/stores.ts';
import { Supervisor } from './supervisor/supervisor.ts';

const READY_WITHIN_MS = 120_000;
/** Everybody on one machine has the same address, and its owner is no stranger who guesses passwords. */
const sensitivePerMinute = '600';
/** The gateway of one machine may forward to that machine. */
const loopbackRanges = '127.0.0.0/8,::1/128';

/** What a platform is made from. */
export interface PlatformInput {
  readonly config: LauncherConfig;
  readonly folder: DataFolder;
  /** Folder that holds `apps/standalone` and `apps/gateway`, compiled. */
  readonly repository: string;
  readonly progress: Progress;
}

/** Stores, control plane and one gateway on this machine, and the back end of the demo. */
export class Platform {
  readonly #input: PlatformInput;
  readonly #supervisor: Supervisor;
  readonly #startedAt = new Date().toISOString();
  #stores: Pick<RunFile, 'databaseUrl' | 'redisUrl'> | undefined;

  constructor(input: PlatformInput) {
    this.#input = input;
    this.#supervisor = new Supervisor({ report: input.progress.note, restarted: () => this.#publish() });
  }

  /** Starts everything in order and returns when it is ready; what had started stays up when a later part fails. */
  async start(): Promise<void> {
    const { progress } = this.#input;
    const stores = await progress.step('Starting PostgreSQL and Redis', () => this.#startStores());
    this.#stores = stores;
    const environment = this.#environment(stores);
    await progress.step('Bringing the database up to date', () => this.#migrate(environment));
    if (this.#input.config.TOLLGATE_DEMO)
      await progress.step('Starting the demo’s back end', () => this.#supervisor.start(this.#bookshop()));
    const standalone = this.#app('standalone', () => ({ ...environment, ...this.#traced() }));
    await progress.step('Starting the control plane', () => this.#supervisor.start(standalone));
    const gateway = this.#app('gateway', () => ({ ...environment, ...this.#gatewayEnvironment() }));
    await progress.step('Starting the gateway', () => this.#supervisor.start(gateway));
    this.#publish();
  }

  /** The addresses of all processes together. */
  urls(): Record<string, string> {
    return Object.assign({}, ...[...this.#supervisor.current().values()].map(({ urls }) => urls)) as Record<
      string,
      string
    >;
  }

  /** Stops the gateway, the control plane, the demo's back end and the stores, in this order. */
  async stop(): Promise<void> {
    rmSync(this.#input.folder.runFile, { force: true });
    await this.#supervisor.stop();
  }

  async #startStores(): Promise<Pick<RunFile, 'databaseUrl' | 'redisUrl'>> {
    const { config, folder, progress } = this.#input;
    const [databaseUrl, redisUrl] = await Promise.all([
      config.DATABASE_URL ??
        this.#supervisor.start(postgresPart(folder.postgres, progress.note)).then(({ url }) => url),
      config.REDIS_URL ?? this.#supervisor.start(redisPart(folder.redis, progress.note)).then(({ url }) => url),
    ]);
    return { databaseUrl, redisUrl };
  }

  #environment({ databaseUrl, redisUrl }: Pick<RunFile, 'databaseUrl' | 'redisUrl'>): NodeJS.ProcessEnv {
    const { config, folder } = this.#input;
    return {
      RATE_LIMIT_SENSITIVE_PER_MINUTE: sensitivePerMinute,
      EGRESS_ALLOWED_RANGES: loopbackRanges,
      ...config.inherited,
      TOLLGATE_DATA_DIR: folder.root,
      TOLLGATE_DEMO: String(config.TOLLGATE_DEMO),
      TOLLGATE_MASTER_KEY: config.TOLLGATE_MASTER_KEY ?? readOrCreateSecret(join(folder.keys, 'master.key')),
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
    };
  }

  /** The gateway enrols with the token that the control plane left for it, and afterwards knows itself. */
  #gatewayEnvironment(): NodeJS.ProcessEnv {
    const { gateway } = this.#input.folder;
    const tokenFile = join(gateway, 'enrol.token');
    return {
      TOLLGATE_STATE_DIR: gateway,
      GATEWAY_ALLOWED_PRIVATE_RANGES: this.#input.config.inherited['GATEWAY_ALLOWED_PRIVATE_RANGES'] ?? loopbackRanges,
      TOLLGATE_LINK_URL: this.urls()['link'],
      GATEWAY_ERROR_DOCS_URL: new URL('/docs/errors', this.urls()['console']).href,
      ...(existsSync(tokenFile) && { TOLLGATE_ENROL_TOKEN: readFileSync(tokenFile, 'utf8').trim() }),
    };
  }

  /** With a collector to send to, database, Redis and Kafka clients are instrumented before anything else is loaded. */
  #traced(): NodeJS.ProcessEnv {
    if (!this.#input.config.inherited['OTEL_EXPORTER_OTLP_ENDPOINT']) return {};
    const preload = pathToFileURL(join(this.#input.repository, 'libs/platform/dist/telemetry/register.js'));
    return { NODE_OPTIONS: `--import=${preload.href}` };
  }

  #migrate(env: NodeJS.ProcessEnv): Promise<void> {
    const { repository, folder } = this.#input;
    return runToEnd({
      name: 'The migration of the database',
      command: process.execPath,
      args: [join(repository, 'apps/standalone/dist/migrate.js')],
      env,
      logFile: join(folder.logs, 'migrate.log'),
    });
  }

  /** Somebody's upstream: it knows neither the stores nor their secrets, and keeps the port of its first start by itself. */
  #bookshop() {
    const { config, repository, folder } = this.#input;
    return appPart({
      name: 'bookshop',
      entry: join(repository, 'apps/standalone/dist/bookshop.js'),
      environment: () => ({ PATH: config.inherited['PATH'], TOLLGATE_DATA_DIR: folder.root }),
      logs: folder.logs,
      readyWithinMs: READY_WITHIN_MS,
    });
  }

  #app(name: 'standalone' | 'gateway', environment: () => NodeJS.ProcessEnv) {
    const { repository, folder } = this.#input;
    return appPart({
      name,
      entry: join(repository, 'apps', name, 'dist/main.js'),
      environment: () => {
        const wanted = environment();
        return { ...wanted, ...stablePorts(wanted, this.#supervisor.current().get(name)?.urls ?? {}) };
      },
      logs: folder.logs,
      readyWithinMs: READY_WITHIN_MS,
    });
  }

  #publish(): void {
    if (!this.#stores) return;
    const { config, folder } = this.#input;
    const processes = [...this.#supervisor.current()].map(([name, { pid, urls }]) => [name, { pid, urls }] as const);
    writeRunFile(folder.runFile, {
      launcherPid: process.pid,
      startedAt: this.#startedAt,
      ...this.#stores,
      ...(config.KAFKA_BROKERS && { kafkaBrokers: config.KAFKA_BROKERS }),
      processes: Object.fromEntries(processes),
    });
  }
}
