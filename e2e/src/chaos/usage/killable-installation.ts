import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFile, type RunFile } from '@tollgate/contracts/runtime';
import { removePostgresData } from '@tollgate/embedded';
import { type Installation } from '../../installation/find-installation.ts';
import { startInstallation } from '../../installation/start-installation.ts';
import { poll } from '../../support/poll.ts';

/** Processes of an installation that its supervisor starts again. */
export type InstalledProcess = 'standalone' | 'postgres' | 'redis';

const restartMs = 90_000;

/** The whole platform as `npm start` runs it, with processes that can be killed. */
export class KillableInstallation {
  readonly #installation: Installation;
  readonly #dataDir: string;

  private constructor(installation: Installation, dataDir: string) {
    this.#installation = installation;
    this.#dataDir = dataDir;
  }

  /** Starts one in `folder`; `env` may name other servers than the embedded ones. */
  static async start(folder: string, env: Record<string, string>): Promise<KillableInstallation> {
    const dataDir = join(folder, 'data');
    return new KillableInstallation(await startInstallation({ dataDir, env }), dataDir);
  }

  get addresses(): Installation['addresses'] {
    return this.#installation.addresses;
  }

  /** What runs now and where. */
  async running(): Promise<RunFile> {
    return runFile.parse(JSON.parse(await readFile(join(this.#dataDir, 'run.json'), 'utf8')));
  }

  /** Kills a process with -9 and waits until its supervisor has started it again. */
  async killAndWait(name: InstalledProcess): Promise<void> {
    const killed = await this.#pidOf(name);
    process.kill(killed, 'SIGKILL');
    await poll(`${name} runs again`, async () => ((await this.#pidOf(name)) === killed ? undefined : true), {
      withinMs: restartMs,
      everyMs: 50,
    });
  }

  async stop(): Promise<void> {
    await this.#installation.stop();
    removePostgresData(join(this.#dataDir, 'postgres'));
  }

  async #pidOf(name: InstalledProcess): Promise<number> {
    const { processes } = await this.running();
    const found = processes[name];
    if (found === undefined) throw new Error(`no process ${name} runs`);
    return found.pid;
  }
}
