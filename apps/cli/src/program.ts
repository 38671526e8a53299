import { Command, InvalidArgumentError, Option } from 'commander';
import { enrolDataPlane, listDataPlanes } from './commands/data-planes.ts';
import { login, logout, whoami } from './commands/login.ts';
import { publish, rollback } from './commands/publishing.ts';
import type { CliContext, GlobalOptions } from './context.ts';
import { outputFormats } from './output.ts';

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number above 0.');
  return Number(text);
}

/** The command line: words, options and help. What each does stands in `commands/`. */
export function createProgram(context: CliContext): Command {
  const program = new Command('tollgate')
    .description('Log in, enrol data planes, publish and roll back.')
    .option('--url <address>', 'installation to talk to')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(outputFormats).default('table'))
    .configureOutput({ writeOut: context.out, writeErr: context.note })
    .showHelpAfterError()
    .exitOverride();
  const run =
    <O>(command: (context: CliContext, options: GlobalOptions & O) => Promise<void>) =>
    (_options: unknown, used: Command) =>
      command(context, used.optsWithGlobals<GlobalOptions & O>());

  program
    .command('login')
    .description('log in with mail address and password')
    .requiredOption('--email <address>', 'mail address')
    .action(run(login));
  program.command('logout').description('forget the log-in of this machine').action(run(logout));
  program.command('whoami').description('who one is, and where').action(run(whoami));

  const dataPlanes = program.command('dp').description('data planes');
  dataPlanes
    .command('enrol')
    .description('make what a new data plane needs to enrol')
    .requiredOption('-g, --group <name>', 'gateway group, by name or id')
    .option('--name <name>', 'name of the token', 'command line')
    .option('--reusable', 'let more than one data plane use it')
    .option('--expires <seconds>', 'seconds until it ends', positiveInteger, 86_400)
    .action(run(enrolDataPlane));
  dataPlanes
    .command('list')
    .description('data planes and what they have in force')
    .option('-g, --group <name>', 'only of this gateway group')
    .action(run(listDataPlanes));

  program
    .command('publish')
    .description('publish the draft of a gateway group')
    .requiredOption('-g, --group <name>', 'gateway group, by name or id')
    .option('-m, --note <text>', 'why')
    .option('--dry-run', 'only show what would change')
    .action(run(publish));
  program
    .command('rollback')
    .description('put the content of an older revision back in force')
    .requiredOption('-g, --group <name>', 'gateway group, by name or id')
    .requiredOption('--to <revision>', 'number of the older revision', positiveInteger)
    .option('-m, --note <text>', 'why')
    .option('--dry-run', 'only show what would change')
    .action(run(rollback));
  return program;
}
