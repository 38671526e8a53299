import { loadConfig, type RunningService } from '@tollgate/platform';
import { standaloneConfig } from './config.ts';
import { serviceEnvironments } from './service-environment.ts';
import { services } from './services.ts';

/** Every service, in one process. */
export interface Standalone {
  /** In the order in which they were started. */
  running: readonly RunningService[];
  /** Where each part answers, by its name; `console`, `portal` and `link` are the public doors. */
  urls: Record<string, string>;
}

/** Boots every service in a container of its own; closes those that run when one does not start. */
export async function startStandalone(env: Record<string, string | undefined>): Promise<Standalone> {
  const { HOST } = loadConfig(standaloneConfig, env);
  const { byService, publicUrls } = await serviceEnvironments(env, HOST);
  const running: RunningService[] = [];
  try {
    for (const { service, boot } of services) running.push(await boot(byService.get(service) ?? env));
  } catch (error) {
    for (const service of running.toReversed()) await service.close();
    throw error;
  }
  return { running, urls: { ...Object.fromEntries(running.map(({ service, url }) => [service, url])), ...publicUrls } };
}
