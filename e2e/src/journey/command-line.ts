import type { TollgateClient } from '@tollgate/client';
import type { Caller } from '../support/caller.ts';
import { type CommandLineOutcome, runTollgate } from '../support/command-line.ts';
import { poll } from '../support/poll.ts';
import { currentRevision, type GatewayGroup } from './admin.ts';
import { acknowledged } from './gateway.ts';
import { expectThat } from './journey-log.ts';
import type { World } from './world.ts';

const routeId = 'by-command-line';
const path = `/${routeId}`;
const live = { withinMs: 10_000, everyMs: 20 };

/** What a command line has to end with. */
interface Expected {
  exitCode: number;
  /** Each matches standard output. */
  prints?: readonly RegExp[];
  /** Matches what is said beside it, on standard error. */
  says?: RegExp;
}

function expectOutcome(command: string, outcome: CommandLineOutcome, expected: Expected): void {
  const { exitCode, stdout, stderr } = outcome;
  const shown = `\n${stdout}${stderr}`;
  expectThat(exitCode === expected.exitCode, `${command} ends with ${expected.exitCode}, not ${exitCode}:${shown}`);
  for (const line of expected.prints ?? []) expectThat(line.test(stdout), `${command} prints ${line}:${shown}`);
  if (expected.says !== undefined) expectThat(expected.says.test(stderr), `${command} says ${expected.says}:${shown}`);
}

/** The step's line: the last thing said, else the first row under the table's head. */
function lastWords({ exitCode, stdout, stderr }: CommandLineOutcome): string {
  return `${exitCode}, ${stderr.trim().split('\n').at(-1) || stdout.split('\n')[1] || ''}`;
}

/** Publishes a route and takes it back by `tollgate` alone, and holds what it prints and ends with against the gateway's answers. */
export async function publishByCommandLine(
  world: World,
  admin: TollgateClient,
  caller: Caller,
  { group, upstreamUrl }: { group: GatewayGroup; upstreamUrl: string },
): Promise<void> {
  const run = (title: string, args: readonly string[], expected: Expected): Promise<CommandLineOutcome> => {
    const command = `tollgate ${args.join(' ')}`;
    return world.log.step(
      title,
      command,
      async () => {
        const outcome = await runTollgate(world.folder, args);
        expectOutcome(command, outcome, expected);
        return outcome;
      },
      lastWords,
    );
  };
  const answers = (status: number): Promise<true> =>
    poll(
      `${path} answers ${status}`,
      async () => ((await caller.call(path)).status === status ? true : undefined),
      live,
    );
  const inGroup = ['--group', group.name];
  const before = await currentRevision(admin, group.id);
  await acknowledged(admin, group.id, before);
  await run('The command line shows the data plane and its revision', ['dp', 'list', ...inGroup], {
    exitCode: 0,
    prints: [/^ID +NAME +STATUS +VERSION +REVISIONS +LAST SEEN\n/, new RegExp(` online .* ${before} `)],
  });

  const { hostname, port } = new URL(upstreamUrl);
  await admin.PUT('/api/v1/gateway-groups/{groupId}/routes/{resourceId}', {
    params: { path: { groupId: group.id, resourceId: routeId } },
    body: {
      value: { uri: path, upstream: { type: 'roundrobin', nodes: { [`${hostname}:${port}`]: 1 } } },
      policyTemplate: null,
    },
  });
  const change = (word: string): RegExp => new RegExp(`^${word} +route +${routeId}$`, 'm');
  await run('It publishes a route', ['publish', ...inGroup, '--note', 'by command line'], {
    exitCode: 0,
    prints: [change('add')],
    says: new RegExp(`^Published revision ${before + 1}\\.$`, 'm'),
  });
  await answers(200);
  await run('and finds nothing more to publish', ['publish', ...inGroup], {
    exitCode: 0,
    prints: [/^$/],
    says: /nothing was published/,
  });

  await run('It rolls back', ['rollback', ...inGroup, '--to', String(before), '--note', 'by command line'], {
    exitCode: 0,
    prints: [change('remove')],
    says: new RegExp(`^Rolled back to the content of revision ${before} as revision ${before + 2}\\.$`, 'm'),
  });
  await answers(404);
  await run('and refuses a revision that does not exist', ['rollback', ...inGroup, '--to', String(before + 9)], {
    exitCode: 1,
    prints: [/^$/],
    says: /gateway\.revision_unknown/,
  });
  expectThat((await currentRevision(admin, group.id)) === before + 2, 'the command line made two revisions');
}
