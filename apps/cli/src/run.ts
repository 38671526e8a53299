import { TollgateError } from '@tollgate/client';
import { CommanderError } from 'commander';
import type { CliContext } from './context.ts';
import { createProgram } from './program.ts';
import { UsageError } from './usage-error.ts';

/** Runs one command line and gives the exit code: 0 done, 1 refused or failed. Nothing is thrown. */
export async function run(context: CliContext, args: readonly string[]): Promise<number> {
  try {
    await createProgram(context).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    context.note(`${describe(error)}\n`);
    return 1;
  }
}

function describe(error: unknown): string {
  if (error instanceof TollgateError)
    return `${error.message}\n(${error.code}${error.requestId === undefined ? '' : `, request ${error.requestId}`})`;
  if (error instanceof UsageError) return error.message;
  if (error instanceof TypeError && error.message === 'fetch failed')
    return `The installation does not answer: ${String((error.cause as Error | undefined)?.message ?? error.message)}`;
  return error instanceof Error ? error.message : String(error);
}
