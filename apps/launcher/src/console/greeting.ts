import { existsSync, readFileSync } from 'node:fs';
import { demoFile } from '@tollgate/contracts/runtime';
import type { DemoFile } from '@tollgate/contracts/runtime';
import pc from 'picocolors';

/** Reads what `standalone` wrote about the demo tenant; undefined when it made none. */
export function readDemoFile(path: string): DemoFile | undefined {
  return existsSync(path) ? demoFile.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
}

/** The demo tenant's site, else where sites are asked for. */
function portalOf({ portal }: Record<string, string>, demo: DemoFile | undefined): string | undefined {
  return portal === undefined || demo?.siteSlug === undefined ? portal : new URL(demo.siteSlug, portal).href;
}

/** What a start ends with: addresses, demo log-ins and a command to paste. */
export function greeting(urls: Record<string, string>, demo: DemoFile | undefined): string {
  const addresses = [
    ['Console', urls['console']],
    ['Portal', portalOf(urls, demo)],
    ['Gateway', [urls['http'], urls['https']].filter(Boolean).join('  ')],
  ].filter((row): row is [string, string] => Boolean(row[1]));
  const logIns = demo ? (['admin', 'developer', 'operator'] as const).map((role) => [role, demo[role]] as const) : [];
  return [
    '',
    pc.bold('Tollgate is running.'),
    ...addresses.map(([name, url]) => `  ${name.padEnd(10)} ${pc.cyan(url)}`),
    ...(demo ? ['', pc.bold('Demo log-ins')] : []),
    ...logIns.map(([role, { email, password }]) => `  ${role.padEnd(10)} ${email}  ${password}`),
    ...(demo ? ['', pc.bold('Call the demo API'), `  ${demo.curl}`] : []),
    '',
    pc.dim('Ctrl-C stops everything; the data stays. npm run reset forgets it.'),
    '',
  ].join('\n');
}
