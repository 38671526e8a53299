import { join } from 'node:path';
import { z } from 'zod';
import { ActorProcess } from './actor-process.ts';

const entry = join(import.meta.dirname, 'upstream-actor.ts');
const ready = z.object({ ports: z.record(z.string(), z.int()) });
const report = z.object({ senseless: z.int(), open: z.int() });

/** Upstreams in a process of their own. */
export class Upstreams {
  readonly #actor: ActorProcess;
  readonly #ports: Readonly<Record<string, number>>;

  private constructor(actor: ActorProcess, ports: Readonly<Record<string, number>>) {
    this.#actor = actor;
    this.#ports = ports;
  }

  static async start(options: { folder: string; seed: number; servers: readonly string[] }): Promise<Upstreams> {
    const { folder, seed, servers } = options;
    const [actor, said] = await ActorProcess.start({ entry, name: 'upstreams', folder, part: { seed, servers } });
    return new Upstreams(actor, ready.parse(said).ports);
  }

  /** `host:port` of a server, as it stands in the nodes of an upstream. */
  addressOf(server: string): string {
    const port = this.#ports[server];
    if (port === undefined) throw new Error(`there is no server ${server}`);
    return `127.0.0.1:${port}`;
  }

  /** Requests that made no sense, and connections that are open. */
  async report(): Promise<z.infer<typeof report>> {
    return report.parse(await this.#actor.ask('report'));
  }

  stop(): Promise<void> {
    return this.#actor.stop();
  }
}
