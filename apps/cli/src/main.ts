import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { readEnvironment } from './config.ts';
import { run } from './run.ts';
import { UsageError } from './usage-error.ts';

async function askPassword(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError('Nobody can type a password here. Set TOLLGATE_PASSWORD.');
  process.stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

process.exitCode = await run(
  {
    config: readEnvironment(),
    out: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(text),
    askPassword,
  },
  process.argv.slice(2),
);
