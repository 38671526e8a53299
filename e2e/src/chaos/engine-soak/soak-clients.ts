import { join } from 'node:path';
import { z } from 'zod';
import { ActorProcess } from '../actors/actor-process.ts';

const count = z.int().nonnegative();
const callReport = z.object({ asked: count, answered: count, wrong: count, examples: z.array(z.string()) });
const idleReport = callReport.extend({ open: count, lost: count });
const attackReport = z.object({
  calls: count,
  perhaps: count,
  wrong: count,
  examples: z.array(z.string()),
  kinds: z.record(z.string(), count),
});

/** What clients are made with. */
export interface SoakClientOptions {
  readonly folder: string;
  readonly ports: { readonly port: number; readonly tlsPort: number };
  readonly seed: number;
  readonly connections: number;
  readonly tlsConnections: number;
  readonly attacksAtOnce: number;
  readonly slowReadMs: number;
  readonly mostRestMs: number;
  readonly isLong: boolean;
}

/** What all clients together saw. */
export interface SoakBooks {
  /** Requests of the checked and of the idle connections, and those that were answered. */
  readonly asked: number;
  readonly answered: number;
  readonly wrong: number;
  readonly attacks: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly idleLost: number;
  /** Calls that were answered; and requests of which nobody but the gateway can say whether they became calls. */
  readonly calls: number;
  readonly perhaps: number;
  readonly examples: readonly string[];
}

const idleProcesses = 2;
const entryOf = (name: string): string => join(import.meta.dirname, `${name}-actor.ts`);

/** The clients of a soak, each kind in processes of its own. */
export class SoakClients {
  readonly #options: SoakClientOptions;
  readonly #callers: ActorProcess;
  readonly #idle: readonly ActorProcess[];
  readonly #started: ActorProcess[];
  #called: z.infer<typeof callReport> = { asked: 0, answered: 0, wrong: 0, examples: [] };
  #rested: readonly z.infer<typeof idleReport>[] = [];
  #attacked: z.infer<typeof attackReport> = { calls: 0, perhaps: 0, wrong: 0, examples: [], kinds: {} };

  private constructor(options: SoakClientOptions, callers: ActorProcess, idle: readonly ActorProcess[]) {
    this.#options = options;
    this.#callers = callers;
    this.#idle = idle;
    this.#started = [callers, ...idle];
  }

  static async start(options: SoakClientOptions): Promise<SoakClients> {
    const { folder, ports, seed, connections, tlsConnections } = options;
    const start = async (name: string, part: object, number = 0): Promise<ActorProcess> => {
      const told = { ...ports, ...part };
      const [actor] = await ActorProcess.start({ entry: entryOf(name), name: `${name}-${number}`, folder, part: told });
      return actor;
    };
    const callers = await start('checked-callers', { seed, connections, tlsConnections });
    const idle = await Promise.all(
      Array.from({ length: idleProcesses }, (_, number) =>
        start('idle-clients', { localAddress: `127.0.0.${10 + number}` }, number),
      ),
    );
    return new SoakClients(options, callers, idle);
  }

  /** Makes so many checked calls, or as many as go in the time; gives how many. */
  async call(requests: number, seconds: number): Promise<number> {
    const { asked } = this.#called;
    this.#called = callReport.parse(await this.#callers.ask(`${requests} ${Math.ceil(seconds)}`));
    return this.#called.asked - asked;
  }

  openIdle(connections: number): Promise<void> {
    return this.#askIdle(`open ${Math.ceil(connections / idleProcesses)}`);
  }

  openIdleTls(connections: number): Promise<void> {
    return this.#askIdle(`open-tls ${Math.ceil(connections / idleProcesses)}`);
  }

  closeIdle(): Promise<void> {
    return this.#askIdle('close');
  }

  /** Begins the attacks; `stop` lets those under way come to their end. */
  async attack(): Promise<{ stop: () => Promise<void> }> {
    const { folder, ports, seed, attacksAtOnce: atOnce, slowReadMs, mostRestMs, isLong } = this.#options;
    const part = { ...ports, seed, atOnce, slowReadMs, mostRestMs, isLong };
    const [attackers] = await ActorProcess.start({ entry: entryOf('attackers'), name: 'attackers', folder, part });
    this.#started.push(attackers);
    return {
      stop: async () => {
        this.#attacked = attackReport.parse(await attackers.ask('stop'));
      },
    };
  }

  books(): SoakBooks {
    const callers = [this.#called, ...this.#rested];
    const sum = (pick: (report: z.infer<typeof callReport>) => number): number =>
      callers.reduce((total, report) => total + pick(report), 0);
    const { calls, perhaps, wrong, kinds, examples } = this.#attacked;
    const [asked, answered] = [sum((report) => report.asked), sum((report) => report.answered)];
    return {
      asked,
      answered,
      wrong: sum((report) => report.wrong) + wrong,
      attacks: Object.values(kinds).reduce((total, played) => total + played, 0),
      kinds,
      idleLost: this.#rested.reduce((total, { lost }) => total + lost, 0),
      calls: answered + calls,
      perhaps: asked - answered + perhaps,
      examples: [...callers, { examples }].flatMap((report) => report.examples.slice(0, 10)),
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#started.map((actor) => actor.stop()));
  }

  async #askIdle(question: string): Promise<void> {
    this.#rested = await Promise.all(this.#idle.map(async (actor) => idleReport.parse(await actor.ask(question))));
  }
}
