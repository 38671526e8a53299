import { existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assembleApp } from './assemble.ts';
import { runtimePackages } from './packages.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tollgate-image-'));
  addPackage('apps/shop', {
    dependencies: { '@x/lib': '1', server: '1' },
    devDependencies: { '@x/testing': '1', tester: '1' },
  });
  addPackage('libs/lib', { dependencies: { helper: '2' }, peerDependencies: { server: '*' } });
  addPackage('libs/testing', {});
  addPackage('node_modules/server', {
    dependencies: { helper: '1' },
    optionalDependencies: { native: '1' },
    peerDependencies: { driver: '*' },
    peerDependenciesMeta: { driver: { optional: true } },
  });
  addPackage('node_modules/helper', {});
  addPackage('node_modules/server/node_modules/helper', {});
  addPackage('node_modules/tester', {});
  write('node_modules/@x/.keep');
  symlinkSync('../../libs/lib', join(root, 'node_modules/@x/lib'));
  symlinkSync('../../libs/testing', join(root, 'node_modules/@x/testing'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, text = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function addPackage(folder: string, manifest: object): void {
  write(`${folder}/package.json`, JSON.stringify({ name: folder.split('/').at(-1), ...manifest }));
}

describe('the packages of an app', () => {
  it('are those that it needs when it runs, found as Node finds them', () => {
    expect(runtimePackages(root, 'apps/shop').map(({ folder }) => folder)).toEqual([
      'apps/shop',
      'libs/lib',
      'node_modules/helper',
      'node_modules/server',
      'node_modules/server/node_modules/helper',
    ]);
  });

  it('must be installed', () => {
    rmSync(join(root, 'node_modules/helper'), { recursive: true });
    expect(() => runtimePackages(root, 'apps/shop')).toThrow('helper, needed by libs/lib, is not installed');
  });
});

describe('the file system of an image', () => {
  it('holds what runs, and neither source, tests, types nor packages of tests', () => {
    addPackage('libs/lib', { name: '@x/lib', dependencies: { helper: '2' } });
    const kept = ['apps/shop/dist/main.js', 'libs/lib/dist/index.js', 'node_modules/server/index.js'];
    const gone = [
      'apps/shop/src/main.ts',
      'apps/shop/dist/main.d.ts',
      'apps/shop/dist/main.js.map',
      'libs/lib/dist/testing/fake.js',
      'node_modules/tester/index.js',
    ];
    [...kept, ...gone].forEach((path) => write(path));
    const target = join(root, 'image');
    assembleApp(root, 'shop', target);
    expect(kept.filter((path) => !existsSync(join(target, path)))).toEqual([]);
    expect(gone.filter((path) => existsSync(join(target, path)))).toEqual([]);
    expect(readlinkSync(join(target, 'node_modules/@x/lib'))).toBe('../../libs/lib');
  });

  it('needs a build', () => {
    expect(() => assembleApp(root, 'shop', join(root, 'image'))).toThrow('npm run build');
  });
});
