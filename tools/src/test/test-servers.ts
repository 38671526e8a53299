import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Servers shared by all stages of one run. */
export interface TestServers {
  /** What the stages need to find them. */
  env: Record<string, string>;
  stop: () => Promise<void>;
}

const pollMs = 100;
/** Includes the first download of Kafka's artifacts. */
const patienceMs = 300_000;

/**
 * Starts real PostgreSQL, Redis and Kafka for the suites.
 * @throws Error when they are not there in time; what is missing was printed, with the command that installs it.
 */
export async function startTestServers(root: string, folder: string): Promise<TestServers> {
  const given = process.env.TOLLGATE_TEST_SERVERS;
  if (given) return { env: { TOLLGATE_TEST_SERVERS: given }, stop: async () => {} };
  const file = join(folder, 'servers.json');
  const child = spawn(process.execPath, [join(root, 'libs/embedded/src/bin/test-servers.ts'), file], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(child, 'exit');
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) break;
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error('The servers for the tests did not start.');
    }
    await new Promise<void>((resolve) => setTimeout(resolve, pollMs));
  }
  return {
    env: { TOLLGATE_TEST_SERVERS: file },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
