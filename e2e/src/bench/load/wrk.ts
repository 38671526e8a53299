import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { pinnedLoad } from './cores.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'wrk.lua');
const report = z.object({ done: z.int().positive(), wrong: z.literal(0), lost: z.literal(0) });

/** Reads what `wrk.lua` wrote last. Throws unless there were answers and all of them were right. */
export function parseWrk(output: string): { done: number } {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  const parsed = report.safeParse(line.startsWith('{') ? JSON.parse(line) : undefined);
  if (!parsed.success) throw new Error(`wrk had wrong answers or none: ${line}`);
  return { done: parsed.data.done };
}

/** A closed loop over HTTP/1.1, plain or TLS. Throws when an answer was wrong. */
export async function runWrk(url: string, { seconds, connections }: { seconds: number; connections: number }) {
  const duration = Math.ceil(seconds);
  const options = ['-t1', `-c${connections}`, `-d${duration}s`, '-s', script, url];
  const { command, args } = pinnedLoad('wrk', options, duration + 20);
  const { stdout } = await run(command, args);
  return parseWrk(stdout);
}
