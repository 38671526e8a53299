import { IamSeeding } from '@tollgate/iam';
import { loadConfig, type RunningService } from '@tollgate/platform';
import { standaloneConfig } from './config.ts';
import { prepareDemo } from './demo/demo.ts';
import { FreePortTaken } from './free-port-taken.ts';
import { serviceEnvironments } from './service-environment.ts';
import { services } from './services.ts';

/** Every service, in one process. */
export interface Standalone {
  /** In the order in which they were started. */
  running: readonly RunningService[];
  /** Where each part answers, by its name; `console`, `portal` and `link` are the public doors. */
  urls: Record<string, string>;
}

/**
 * Boots every service in a container of its own, and the demo where it is asked for; closes what runs when something does not start.
 * @throws FreePortTaken when starting again helps
 */
export async function startStandalone(env: Record<string, string | undefined>): Promise<Standalone> {
  const config = loadConfig(standaloneConfig, env);
  const { byService, publicUrls, chosenPorts } = await serviceEnvironments(env, config.HOST);
  const running: RunningService[] = [];
  try {
    for (const { service, boot } of services) running.push(await boot(byService.get(service) ?? env));
    const iam = running.find(({ service }) => service === 'iam');
    if (config.TOLLGATE_DEMO && iam !== undefined) {
      await prepareDemo({
        dataDir: config.TOLLGATE_DATA_DIR,
        consoleUrl: publicUrls.console,
        portalUrl: publicUrls.portal,
        gatewayHttpPort: config.GATEWAY_HTTP_PORT,
        seeding: iam.app.get(IamSeeding, { strict: false }),
      });
    }
  } catch (error) {
    for (const service of running.toReversed()) await service.close();
    throw FreePortTaken.explain(error, chosenPorts);
  }
  return { running, urls: { ...Object.fromEntries(running.map(({ service, url }) => [service, url])), ...publicUrls } };
}
