import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { requireCommand, requireFile } from './system-package.ts';

const wanted = { command: 'example-server', debianPackage: 'example-package' };

let bin: string;
let lines: string[];

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'tollgate-bin-'));
  lines = [];
  vi.stubEnv('PATH', bin);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(bin, { recursive: true });
});

function report(line: string): void {
  lines.push(line);
}

function addCommand(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

function actAsUser(id: number): void {
  vi.spyOn(process, 'getuid').mockReturnValue(id);
}

describe('requireCommand', () => {
  it('finds a command on the PATH and installs nothing', () => {
    addCommand('example-server', 'exit 0');
    expect(requireCommand(wanted, report)).toBe(join(bin, 'example-server'));
    expect(lines).toEqual([]);
  });

  it('installs a missing command as root and says so in one line', () => {
    actAsUser(0);
    addCommand('apt-get', `/bin/cp "$0" ${bin}/example-server`);
    expect(requireCommand(wanted, report)).toBe(join(bin, 'example-server'));
    expect(lines).toEqual(['example-server is missing: apt-get install example-package']);
  });

  it('refreshes the package lists when they do not know the package', () => {
    actAsUser(0);
    addCommand(
      'apt-get',
      `case "$*" in *update*) echo > ${bin}/updated ;; *) [ -e ${bin}/updated ] && /bin/cp "$0" ${bin}/example-server ;; esac`,
    );
    expect(requireCommand(wanted, report)).toBe(join(bin, 'example-server'));
  });

  it('says why an installation failed', () => {
    actAsUser(0);
    addCommand('apt-get', 'echo "no such package" >&2; exit 100');
    expect(() => requireCommand(wanted, report)).toThrow(/example-package failed:\nno such package/);
  });

  it('names the command to run when it may not install', () => {
    actAsUser(1000);
    addCommand('apt-get', 'exit 0');
    expect(() => requireCommand(wanted, report)).toThrow('sudo apt-get install -y example-package');
  });
});

describe('requireFile', () => {
  it('finds a file that is there and installs nothing', () => {
    addCommand('module.so', '');
    expect(requireFile({ path: join(bin, 'module.so'), debianPackage: 'example-package' }, report)).toBe(
      join(bin, 'module.so'),
    );
    expect(lines).toEqual([]);
  });

  it('installs the package of a missing file as root, and fails when it still is not there', () => {
    actAsUser(0);
    addCommand('apt-get', 'exit 0');
    expect(() => requireFile({ path: join(bin, 'module.so'), debianPackage: 'example-package' }, report)).toThrow(
      'sudo apt-get install -y example-package',
    );
    expect(lines).toEqual([`${join(bin, 'module.so')} is missing: apt-get install example-package`]);
  });
});
