import { execFile } from 'node:child_process';
import { join } from 'node:path';

const entry = join(import.meta.dirname, '../../../apps/cli/bin/tollgate.js');

/** How a command line ended and what it wrote. */
export interface CommandLineOutcome {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs `tollgate` with a home of its own under `folder`, whatever it ends with.
 * Rejects when it did not end by itself within a minute.
 */
export function runTollgate(
  folder: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<CommandLineOutcome> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [entry, ...args],
      {
        env: { PATH: process.env.PATH ?? '', XDG_CONFIG_HOME: folder, ...env },
        timeout: 60_000,
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (child.exitCode === null) reject(new Error(`tollgate ${args.join(' ')} did not end`, { cause: error }));
        else resolve({ exitCode: child.exitCode, stdout, stderr });
      },
    );
  });
}

/** Runs `tollgate` as {@link runTollgate} does and gives its standard output. Rejects with both outputs when it fails. */
export async function tollgate(
  folder: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await runTollgate(folder, args, env);
  if (exitCode !== 0) throw new Error(`tollgate ${args.join(' ')} ended with ${exitCode}: ${stderr}${stdout}`);
  return stdout;
}
