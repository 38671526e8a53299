import { parseArgs } from 'node:util';
import type { EventBus } from '../bus/event-bus.ts';
import { MalformedEventError, parseEnvelope } from '../bus/event-codec.ts';
import { readDeadLetters, type DeadLetter } from './dead-letters.ts';
import { replayDeadLetters } from './replay.ts';

/** How the command is called. */
export const deadLetterUsage = `dead-letters list|replay <consumer group> [options]
  --id <event id>      only this event; may be repeated
  --type <event type>  only events of this type
  --kind <kind>        only letters that are "malformed" or that "failed"
  --since <time>       only letters from this time on, RFC 3339

A consumer group is <service>.<consumer>, for example gateway-manager.access-state.
`;

/** The command was called in a way that it does not understand. */
export class DeadLetterUsageError extends Error {
  override readonly name = 'DeadLetterUsageError';
}

/**
 * Lists the dead letters of a consumer group, one line of JSON each, or replays them.
 * @param write takes what is to be printed.
 * @throws DeadLetterUsageError, and what the bus throws.
 */
export async function runDeadLetterCommand(
  args: readonly string[],
  bus: EventBus,
  write: (text: string) => void,
): Promise<void> {
  const { action, group, filter } = readArguments(args);
  if (action === 'replay') {
    const { replayed, left } = await replayDeadLetters({ bus, group, filter });
    write(`${replayed} replayed, ${left} left out\n`);
    return;
  }
  for await (const letter of readDeadLetters(bus, group)) {
    if (filter(letter))
      write(`${JSON.stringify({ ...letter, record: { ...letter.record, ...identityOf(letter) } })}\n`);
  }
}

interface Arguments {
  readonly action: 'list' | 'replay';
  readonly group: string;
  readonly filter: (letter: DeadLetter) => boolean;
}

function readArguments(args: readonly string[]): Arguments {
  const { positionals, values } = parse(args);
  const [action, group, ...others] = positionals;
  if ((action !== 'list' && action !== 'replay') || !group || others.length > 0)
    throw new DeadLetterUsageError(deadLetterUsage);
  const since = values.since === undefined ? -Infinity : Date.parse(values.since);
  if (Number.isNaN(since)) throw new DeadLetterUsageError(`--since ${values.since} is no time\n${deadLetterUsage}`);
  return {
    action,
    group,
    filter: (letter) => {
      const { id, type } = identityOf(letter);
      return (
        (values.id === undefined || (id !== undefined && values.id.includes(id))) &&
        (values.type === undefined || values.type === type) &&
        (values.kind === undefined || values.kind === letter.reason.kind) &&
        Date.parse(letter.at) >= since
      );
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        id: { type: 'string', multiple: true },
        type: { type: 'string' },
        kind: { type: 'string' },
        since: { type: 'string' },
      },
    });
  } catch (cause) {
    throw new DeadLetterUsageError(deadLetterUsage, { cause });
  }
}

/** Id and type of the event inside, where it can be read. */
function identityOf({ record }: DeadLetter): { id?: string; type?: string } {
  try {
    const { id, type } = parseEnvelope(record.value);
    return { id, type };
  } catch (cause) {
    if (cause instanceof MalformedEventError) return {};
    throw cause;
  }
}
