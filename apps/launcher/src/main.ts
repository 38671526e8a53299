import { join } from 'node:path';
import { kafka } from './commands/kafka.ts';
import { reset } from './commands/reset.ts';
import { start } from './commands/start.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');

const commands: Record<string, () => Promise<void>> = { start: () => start(REPOSITORY), reset, kafka };

const run = commands[process.argv[2] ?? ''];
if (!run) {
  process.stderr.write(`Usage: launcher ${Object.keys(commands).join(' | ')}\n`);
  process.exit(1);
}
try {
  await run();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
