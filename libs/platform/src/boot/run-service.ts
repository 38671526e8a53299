import type { PlatformConfig } from '../config/platform-config.ts';
import { ConfigError } from '../config/platform-config.ts';
import { bootService, type RunningService } from './boot-service.ts';
import type { ServiceApp } from './service-app.ts';

/** Closes `services` on SIGINT or SIGTERM, last started first, then lets the process end; a second signal ends it at once. */
export function closeOnSignal(services: readonly RunningService[]): void {
  let closing = false;
  const onSignal = (): void => {
    if (closing) process.exit(1);
    closing = true;
    void (async () => {
      for (const service of services.toReversed()) await service.close();
      process.exit(0);
    })();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
}

/** Whole process of one service: reads the environment, boots, closes on a signal. A wrong environment ends it with code 2 and one clear text. */
export async function runService<C extends PlatformConfig>(
  definition: ServiceApp<C>,
  env: Record<string, string | undefined>,
): Promise<RunningService> {
  let config: C;
  try {
    config = definition.loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
  const running = await bootService(definition, config);
  closeOnSignal([running]);
  return running;
}
