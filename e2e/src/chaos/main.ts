/**
 * `npm run chaos -- <name> [--json] [--smoke] [--long] [--seed N]`: plays faults against a part of the platform and holds what
 * came out against what was put in. Exit code 0: everything held, 1: something did not, 2: it could not be played.
 */
import { parseArgs } from 'node:util';
import type { ChaosOptions, ChaosScenario } from './scenario.ts';

/** Every scenario by name; each is loaded only when it is played. */
const scenarios: Readonly<Record<string, () => Promise<ChaosScenario>>> = {
  bus: async () => (await import('./bus.ts')).playBus,
  'engine-churn': async () => (await import('./engine-churn.ts')).playEngineChurn,
  'engine-diff': async () => (await import('./engine-diff.ts')).playEngineDiff,
  'engine-soak': async () => (await import('./engine-soak.ts')).playEngineSoak,
  usage: async () => (await import('./usage.ts')).playUsage,
};

class UsageError extends Error {}

function readArguments(): { name: string; isJson: boolean; seed: number; length: ChaosOptions['length'] } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      seed: { type: 'string' },
    },
  });
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0 || !Object.hasOwn(scenarios, name)) {
    throw new UsageError(`name one of: ${Object.keys(scenarios).join(', ')}`);
  }
  if (values.smoke && values.long) throw new UsageError('--smoke and --long exclude each other');
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new UsageError('--seed takes a whole number');
  return { name, isJson: values.json, seed, length: values.smoke ? 'smoke' : values.long ? 'long' : 'normal' };
}

async function main(): Promise<number> {
  const { name, isJson, seed, length } = readArguments();
  const say = (line: string): void => void (isJson ? process.stderr : process.stdout).write(`${line}\n`);
  const play = await scenarios[name]?.();
  if (!play) throw new UsageError(`there is no chaos ${name}`);
  say(`chaos ${name}, ${length}, seed ${seed}`);
  const { pass, figures } = await play({ seed, length, say });
  for (const [figure, value] of Object.entries(figures)) say(`${figure.padEnd(32)} ${value}`);
  say(pass ? 'held' : 'did not hold');
  if (isJson) process.stdout.write(`${JSON.stringify({ chaos: name, pass, figures: { ...figures, seed } })}\n`);
  return pass ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof UsageError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exitCode = 2;
}
