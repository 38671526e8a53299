import { bootService, type RunningService } from '@tollgate/platform';
import { consoleBffApp } from '../index.ts';

/** One process of the service, with what a suite sets. */
export async function startConsole(
  environment: Record<string, string>,
): Promise<RunningService & { publicUrl: string }> {
  const config = consoleBffApp.loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    CONSOLE_PORT: '0',
    LOG_LEVEL: 'silent',
    TOLLGATE_MASTER_KEY: 'm'.repeat(40),
    RATE_LIMIT_PER_MINUTE: '100000',
    PUBLIC_CONSOLE_URL: 'http://console.test',
    ...environment,
  });
  const running = await bootService(consoleBffApp, config);
  return { ...running, publicUrl: running.publicUrl ?? '', close: () => running.close() };
}
