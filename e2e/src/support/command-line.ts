import { execFile } from 'node:child_process';
import { join } from 'node:path';

const entry = join(import.meta.dirname, '../../../apps/cli/bin/tollgate.js');

/** Runs `tollgate` with a home of its own under `folder` and gives its standard output. Rejects with both outputs when it fails. */
export function tollgate(folder: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [entry, ...args],
      {
        env: { PATH: process.env.PATH ?? '', XDG_CONFIG_HOME: folder, ...env },
        timeout: 60_000,
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`tollgate ${args.join(' ')}: ${stderr || error.message}${stdout}`));
        else resolve(stdout);
      },
    );
  });
}
