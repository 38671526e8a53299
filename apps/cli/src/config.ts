import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** Environment of the command line. */
export const cliConfig = z.object({
  TOLLGATE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'Installation to talk to; goes before the one logged in to.' }),
  TOLLGATE_TOKEN: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Access token; goes before the one of `tollgate login`. For CI.' }),
  TOLLGATE_PASSWORD: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Password for `tollgate login` where nobody can type it.' }),
  XDG_CONFIG_HOME: z
    .string()
    .optional()
    .meta({ description: 'Folder under which the log-in is kept; default `~/.config`.' }),
});

export type CliConfig = z.output<typeof cliConfig>;

/** Reads the environment, ignoring empty variables. */
export function readEnvironment(): CliConfig {
  return cliConfig.parse(Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== '')));
}

/** File that holds the log-in. */
export function credentialsPath(config: CliConfig): string {
  return join(config.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'tollgate', 'credentials.json');
}
