import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNames } from '@tollgate/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assembleApp } from './assemble.ts';

const root = join(import.meta.dirname, '../../..');
const telemetry = ['--import', '@tollgate/platform/telemetry'];
/** Reserved for such uses; nothing answers there, and nothing is sent before a service runs. */
const collector = 'http://127.0.0.1:9';

let target: string;

beforeEach(() => {
  target = mkdtempSync(join(tmpdir(), 'tollgate-image-'));
});

afterEach(() => {
  rmSync(target, { recursive: true, force: true });
});

function start(app: string, args: readonly string[]): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, args, {
    cwd: join(target, 'apps', app),
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector, NODE_ENV: 'production' },
    encoding: 'utf8',
  });
}

describe('what an image holds', () => {
  it.each(serviceNames)('is enough to start %s, which asks for its environment', (app) => {
    assembleApp(root, app, target);
    const { status, stderr } = start(app, [...telemetry, 'dist/main.js']);
    expect(stderr).toContain('TOLLGATE_MASTER_KEY');
    expect(status).toBe(2);
  });

  it('is enough to start the gateway, which asks where to phone home', () => {
    assembleApp(root, 'gateway', target);
    const { status, stderr } = start('gateway', ['dist/main.js']);
    expect(stderr).toContain('Set TOLLGATE_LINK_URL');
    expect(status).toBe(1);
  });

  it('is enough to start the migrate step, which asks for the administrator’s database address', () => {
    assembleApp(root, 'standalone', target);
    const { status, stderr } = start('standalone', ['dist/migrate.js']);
    expect(stderr).toContain('DATABASE_URL');
    expect(status).toBe(2);
  });
});
