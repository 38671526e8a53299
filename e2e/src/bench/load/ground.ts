import { join } from 'node:path';
import type { BenchOptions } from '../bench.ts';
import { type peerCommands, requireCommands } from './commands.ts';
import { requireTwoCores } from './cores.ts';
import { LoadProcess } from './load-process.ts';
import { type BenchRequest, writeRequests } from './requests.ts';

/** Connections of every generator. */
export const connections = 64;

/** Something that was started. */
interface Stoppable {
  stop(): Promise<void>;
}

/** Where targets meet: the load with its upstream, and all that was started, to be stopped together. */
export class Ground {
  readonly options: BenchOptions;
  readonly load: LoadProcess;
  readonly #started: Stoppable[] = [];

  private constructor(options: BenchOptions, load: LoadProcess) {
    this.options = options;
    this.load = load;
    this.#started.push(load);
  }

  /** Runs `use` on a ground, and ends whatever was started on it. */
  static async prepare<Result>(
    options: BenchOptions,
    commands: readonly (keyof typeof peerCommands)[],
    use: (ground: Ground) => Promise<Result>,
  ): Promise<Result> {
    requireTwoCores();
    requireCommands(['taskset', 'luajit', ...commands], options.say);
    const ground = new Ground(options, await LoadProcess.start(options.folder));
    try {
      return await use(ground);
    } finally {
      for (const started of ground.#started.toReversed()) await started.stop();
    }
  }

  /** What every target is told. */
  get place(): { folder: string; upstreamPort: number } {
    return { folder: this.options.folder, upstreamPort: this.load.upstreamPort };
  }

  /** Waits until something runs, and stops it at the end. */
  async start<Started extends Stoppable>(starting: Promise<Started>): Promise<Started> {
    const started = await starting;
    this.#started.push(started);
    return started;
  }

  /** A file of requests for the generator. */
  async requests(name: string, requests: readonly BenchRequest[]): Promise<string> {
    return writeRequests(join(this.options.folder, `${name}.requests`), requests);
  }

  /** How a target is loaded over plain HTTP/1.1: a closed loop over all connections. */
  closedLoop(port: number, requests: string) {
    return (seconds: number) => this.load.run({ port, connections, seconds, requests, rate: 0 });
  }
}
