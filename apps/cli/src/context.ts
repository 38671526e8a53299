import { createTollgateClient, type TollgateClient } from '@tollgate/client';
import type { CliConfig } from './config.ts';
import { credentialsPath } from './config.ts';
import { readCredentials } from './credentials.ts';
import type { OutputFormat } from './output.ts';
import { UsageError } from './usage-error.ts';

/** What a command works with. Tests give their own. */
export interface CliContext {
  config: CliConfig;
  /** Writes what was asked for. */
  out: (text: string) => void;
  /** Writes what happens meanwhile. */
  note: (text: string) => void;
  /** Asks for a password without showing it; rejects where nobody can answer. */
  askPassword: (prompt: string) => Promise<string>;
}

/** Options that every command takes. */
export interface GlobalOptions {
  url?: string;
  output: OutputFormat;
}

/** Address used when none was named and nobody is logged in. */
export const defaultUrl = 'http://localhost:8080';

/**
 * A client for the installation and the log-in that the options, the environment or the kept log-in name, in this order.
 * @throws UsageError when nobody is logged in.
 */
export async function connect(context: CliContext, options: GlobalOptions): Promise<TollgateClient> {
  const kept = await readCredentials(credentialsPath(context.config));
  const baseUrl = options.url ?? context.config.TOLLGATE_URL ?? kept?.url ?? defaultUrl;
  const token =
    context.config.TOLLGATE_TOKEN ?? (kept !== null && sameOrigin(kept.url, baseUrl) ? kept.token : undefined);
  if (token === undefined)
    throw new UsageError(
      `You are not logged in to ${baseUrl}. Run \`tollgate login --url ${baseUrl} --email …\`, or set TOLLGATE_TOKEN.`,
    );
  return createTollgateClient({ baseUrl, token, userAgent: 'tollgate-cli' });
}

function sameOrigin(a: string, b: string): boolean {
  return new URL(a).origin === new URL(b).origin;
}
