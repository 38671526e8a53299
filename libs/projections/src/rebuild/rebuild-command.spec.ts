import type { ServiceClient } from '@tollgate/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import { ApiError } from '@tollgate/platform';
import { describe, expect, it } from 'vitest';
import { RebuildUsageError, runRebuildCommand } from './rebuild-command.ts';

const tenants = ['tnt_1', 'tnt_2', 'tnt_3'];

/** Services that answer like ours; `drifted` names a tenant whose labels in analytics are wrong. */
function services(drifted?: string) {
  const asked: string[] = [];
  const call = async (
    endpoint: { operationId: string; service: string },
    input: { tenantId?: string; query?: unknown },
  ) => {
    if (endpoint.operationId === 'snapshotTenants') {
      const isFirst = !JSON.stringify(input.query).includes('cursor');
      const items = (isFirst ? tenants.slice(0, 2) : tenants.slice(2)).map((tenantId) => ({ tenantId }));
      return { items, nextCursor: isFirst ? 'more' : null };
    }
    asked.push(`${endpoint.service} ${input.tenantId}`);
    const drift = endpoint.service === 'analytics' && input.tenantId === drifted ? 2 : 0;
    return { projections: [{ projection: 'copies', checked: 5, drift }] };
  };
  return { asked, client: { call } as unknown as Pick<ServiceClient, 'call'> };
}

async function run(args: string[], client: Pick<ServiceClient, 'call'>): Promise<{ isInLine: boolean; text: string }> {
  let text = '';
  const isInLine = await runRebuildCommand(args, client, (more) => void (text += more));
  return { isInLine, text };
}

describe('rebuild', () => {
  it('asks every service about every tenant and says what each projection had', async () => {
    const { asked, client } = services();
    expect(await run([], client)).toEqual({
      isInLine: true,
      text: [
        'gateway-manager copies   15 checked, 0 drifted',
        'developer-portal copies  15 checked, 0 drifted',
        'iam copies               15 checked, 0 drifted',
        'analytics copies         15 checked, 0 drifted',
        '3 tenants, 0 drifted',
        '',
      ].join('\n'),
    });
    expect(asked).toHaveLength(12);
  });

  it('tells drift', async () => {
    const { isInLine, text } = await run([], services('tnt_3').client);
    expect(isInLine).toBe(false);
    expect(text).toContain('analytics copies         15 checked, 2 drifted\n');
    expect(text).toContain('3 tenants, 2 drifted and put right\n');
  });

  it('asks only what it is told to', async () => {
    const { asked, client } = services();
    await run(['--tenant', 'tnt_2', '--service', 'iam', '--service', 'analytics'], client);
    expect(asked).toEqual(['iam tnt_2', 'analytics tnt_2']);
  });

  it.each([['--tenant', 'acme'], ['--service', 'console-bff'], ['--fast'], ['now']])(
    'refuses what it does not understand: %s %s',
    async (...args) => {
      await expect(run(args.filter(Boolean), services().client)).rejects.toThrow(RebuildUsageError);
    },
  );

  it('fails when a service does not answer', async () => {
    const client = { call: () => Promise.reject(new ApiError(commonErrors.unavailable)) };
    await expect(run(['--tenant', 'tnt_1'], client as unknown as Pick<ServiceClient, 'call'>)).rejects.toThrow(
      ApiError,
    );
  });
});
