import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Takes one line of progress for people. */
export type Report = (line: string) => void;

/** A command that must be there, and the Debian package that brings it. */
export interface SystemCommand {
  readonly command: string;
  readonly debianPackage: string;
}

/** A file that must be there, a module of a server for instance, and the Debian package that brings it. */
export interface SystemFile {
  readonly path: string;
  readonly debianPackage: string;
}

/**
 * Returns the path of a command; installs its package first when it is missing, this runs as root and apt-get exists,
 * and reports that in one line. Otherwise throws an error that names the command to run.
 */
export function requireCommand({ command, debianPackage }: SystemCommand, report: Report): string {
  return requirePart(command, () => findCommand(command), debianPackage, report);
}

/** The same as {@link requireCommand} for a file that is no command. */
export function requireFile({ path, debianPackage }: SystemFile, report: Report): string {
  return requirePart(path, () => (existsSync(path) ? path : undefined), debianPackage, report);
}

function requirePart(name: string, find: () => string | undefined, debianPackage: string, report: Report): string {
  const present = find();
  if (present) return present;

  const canInstall = process.getuid?.() === 0 && findCommand('apt-get');
  if (canInstall) {
    report(`${name} is missing: apt-get install ${debianPackage}`);
    install(debianPackage);
    const installed = find();
    if (installed) return installed;
  }
  throw new Error(`${name} is missing. Install it with: sudo apt-get install -y ${debianPackage}`);
}

function install(debianPackage: string): void {
  const run = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  const tryInstall = () => run('install', '-y', '--no-install-recommends', debianPackage);

  let result = tryInstall();
  if (result.status !== 0) {
    run('update');
    result = tryInstall();
  }
  if (result.status !== 0) throw new Error(`apt-get install ${debianPackage} failed:\n${result.stderr}`.trimEnd());
}

/** Where Debian puts servers; the PATH of people and of clean environments often lacks them. */
const foldersOfServers = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The first executable file of this name on the PATH, or in the folders of servers. */
export function findCommand(command: string): string | undefined {
  return [...(process.env['PATH'] ?? '').split(delimiter), ...foldersOfServers]
    .map((folder) => join(folder, command))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
