/** `node libs/projections/dist/bin/rebuild.js [--tenant <id>] [--service <name>]`: brings copies of others' data into line with their owners. */
import { ServiceClient, ServiceTokens } from '@tollgate/auth';
import { ApiError, ConfigError, loadConfig } from '@tollgate/platform';
import { environment, rebuildConfig } from '../config.ts';
import { embeddedEnvironment } from '../rebuild/embedded-environment.ts';
import { RebuildUsageError, runRebuildCommand } from '../rebuild/rebuild-command.ts';

try {
  const embedded = await embeddedEnvironment(environment['TOLLGATE_DATA_DIR'] ?? '.tollgate');
  const config = loadConfig(rebuildConfig, { ...embedded, ...environment });
  const tokens = new ServiceTokens(config.TOLLGATE_MASTER_KEY, 'rebuild-command');
  const client = new ServiceClient(tokens, {
    iam: config.IAM_URL,
    'gateway-manager': config.GATEWAY_MANAGER_URL,
    'developer-portal': config.DEVELOPER_PORTAL_URL,
    analytics: config.ANALYTICS_URL,
  });
  const isInLine = await runRebuildCommand(process.argv.slice(2), client, (text) => void process.stdout.write(text));
  process.exitCode = isInLine ? 0 : 1;
} catch (error) {
  const isPlain = error instanceof RebuildUsageError || error instanceof ConfigError || error instanceof ApiError;
  process.stderr.write(`${isPlain ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
