import { hostname } from 'node:os';
import { createTollgateClient } from '@tollgate/client';
import { credentialsPath } from '../config.ts';
import { connect, type CliContext, defaultUrl, type GlobalOptions } from '../context.ts';
import { forgetCredentials, readCredentials, writeCredentials } from '../credentials.ts';
import { renderObject } from '../output.ts';

/** Days until the access token of a log-in ends. */
const tokenDays = 30;

/** Exchanges mail address and password for an access token of this machine and keeps it. The session itself is ended again. */
export async function login(context: CliContext, options: GlobalOptions & { email: string }): Promise<void> {
  const path = credentialsPath(context.config);
  const baseUrl = options.url ?? context.config.TOLLGATE_URL ?? (await readCredentials(path))?.url ?? defaultUrl;
  const password = context.config.TOLLGATE_PASSWORD ?? (await context.askPassword(`Password of ${options.email}: `));
  const anonymous = createTollgateClient({ baseUrl, userAgent: 'tollgate-cli' });
  const { data: session } = await anonymous.POST('/api/v1/auth/login', { body: { email: options.email, password } });
  const client = createTollgateClient({ baseUrl, token: () => session?.token, userAgent: 'tollgate-cli' });
  const { data: me } = await client.GET('/api/v1/me');
  const permissions = (me?.permissions ?? []).filter((permission) => !permission.startsWith('operator.'));
  const { data: issued } = await client.POST('/api/v1/tokens', {
    body: { name: `tollgate on ${hostname()}`.slice(0, 100), permissions, expiresInDays: tokenDays },
  });
  if (issued === undefined) return;
  await writeCredentials(path, { url: baseUrl, token: issued.token });
  await client.POST('/api/v1/auth/logout');
  context.note(`Logged in to ${baseUrl} as ${options.email}, until ${issued.expiresAt.slice(0, 10)}.\n`);
}

/** Forgets the kept log-in. The token itself ends by `tollgate` in the console, or by its date. */
export async function logout(context: CliContext): Promise<void> {
  await forgetCredentials(credentialsPath(context.config));
  context.note('Logged out on this machine.\n');
}

/** Who the installation says one is. */
export async function whoami(context: CliContext, options: GlobalOptions): Promise<void> {
  const client = await connect(context, options);
  const { data: me } = await client.GET('/api/v1/me');
  if (me === undefined) return;
  const { kind, id, name, email, tenant, role } = me;
  const shown =
    options.output === 'table'
      ? {
          name,
          email: email ?? '-',
          organisation: tenant === null ? '-' : `${tenant.name} (${tenant.slug})`,
          role: role ?? kind,
          id,
        }
      : me;
  context.out(renderObject(shown, options.output));
}
