import { mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { removePostgresData } from '@tollgate/embedded';

const CONTENT = [
  'redis',
  'kafka',
  'gateway',
  'keys',
  'mail',
  'logs',
  'run.json',
  'demo.json',
  'launcher.pid',
  'kafka.pid',
];

/** Where the embedded form keeps what; all paths are absolute. */
export interface DataFolder {
  readonly root: string;
  readonly postgres: string;
  readonly redis: string;
  /** Of the broker that `npm run kafka` starts. */
  readonly kafka: string;
  readonly gateway: string;
  readonly keys: string;
  readonly logs: string;
  readonly runFile: string;
  readonly demoFile: string;
  readonly lockFile: string;
  readonly kafkaLockFile: string;
}

/** Names the parts of a data folder without touching the disk. */
export function dataFolderAt(path: string): DataFolder {
  const root = resolve(path);
  const inside = (name: string) => join(root, name);
  return {
    root,
    postgres: inside('postgres'),
    redis: inside('redis'),
    kafka: inside('kafka'),
    gateway: inside('gateway'),
    keys: inside('keys'),
    logs: inside('logs'),
    runFile: inside('run.json'),
    demoFile: inside('demo.json'),
    lockFile: inside('launcher.pid'),
    kafkaLockFile: inside('kafka.pid'),
  };
}

/** Makes the folders that are missing; keys and the gateway's state are for their owner alone. */
export function makeDataFolder(folder: DataFolder): void {
  mkdirSync(folder.root, { recursive: true });
  for (const path of [folder.keys, folder.gateway, folder.logs, join(folder.root, 'mail')])
    mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Removes what the platform keeps in the folder, then the folder when nothing else is in it. Nothing may be running. */
export function forgetData(folder: DataFolder): void {
  removePostgresData(folder.postgres);
  for (const name of CONTENT) rmSync(join(folder.root, name), { recursive: true, force: true });
  try {
    rmdirSync(folder.root);
  } catch (error) {
    if (!['ENOTEMPTY', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
