/** One step of `npm test`. */
export interface Stage {
  name: string;
  /** Program and arguments, run from the root of the repository with Node 24 first in PATH. */
  command: readonly string[];
  /** `vitest`: counted test by test from its JSON report; `exit`: the command is one check. */
  counts: 'vitest' | 'exit';
  /** Real PostgreSQL, Redis and Kafka, started once for all stages that need them. */
  needsServers?: boolean;
  /** When it fails nothing after it can mean anything. */
  isPrerequisite?: boolean;
}

const vitest = (project: string): Pick<Stage, 'command' | 'counts'> => ({
  command: ['vitest', 'run', '--project', project],
  counts: 'vitest',
});

/** Whether it runs and answers right; bars and long runs are for `npm run bench` and `npm run chaos`. */
const smoke = (harness: 'bench' | 'chaos', name: string): Pick<Stage, 'command' | 'counts'> => ({
  command: ['node', `e2e/src/${harness}/main.ts`, name, '--smoke'],
  counts: 'exit',
});

/** The stages of `npm test`, in order. */
export const stages: readonly Stage[] = [
  { name: 'types', command: ['npm', 'run', '--silent', 'types'], counts: 'exit' },
  { name: 'lint', command: ['npm', 'run', '--silent', 'lint'], counts: 'exit' },
  { name: 'build', command: ['npm', 'run', '--silent', 'build'], counts: 'exit', isPrerequisite: true },
  { name: 'generated', command: ['node', 'tools/src/generate/main.ts', '--check'], counts: 'exit' },
  { name: 'unit', ...vitest('unit') },
  { name: 'int', ...vitest('int'), needsServers: true },
  { name: 'e2e', ...vitest('e2e'), needsServers: true },
  { name: 'web', command: ['vitest', 'run', '--project', 'web', 'e2e/src/web/journey'], counts: 'vitest' },
  { name: 'chaos bus', ...smoke('chaos', 'bus') },
  { name: 'chaos usage', ...smoke('chaos', 'usage') },
  { name: 'chaos engine-diff', ...smoke('chaos', 'engine-diff') },
  { name: 'chaos engine-churn', ...smoke('chaos', 'engine-churn') },
  { name: 'chaos engine-soak', ...smoke('chaos', 'engine-soak') },
  { name: 'bench start', ...smoke('bench', 'start') },
  { name: 'bench footprint', ...smoke('bench', 'footprint') },
  { name: 'bench engine', ...smoke('bench', 'engine') },
  { name: 'bench engine-tls', ...smoke('bench', 'engine-tls') },
  { name: 'bench policies', ...smoke('bench', 'policies') },
  { name: 'bench latency', ...smoke('bench', 'latency') },
  { name: 'bench routes', ...smoke('bench', 'routes') },
  { name: 'bench web', ...smoke('bench', 'web') },
  { name: 'bench list', ...smoke('bench', 'list') },
];

/** What `npm run test:full` runs after those. */
export const fullStages: readonly Stage[] = [{ name: 'full', ...vitest('full') }];
