import { lookup } from 'node:dns/promises';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { startNameServer, type TestNameServer, type TestRecords } from '../../testing/index.ts';
import { DnsServers } from './dns-servers.ts';
import { HostsFile } from './hosts-file.ts';
import { CachingNameResolver, type DnsOptions } from './name-resolver.ts';

const running: { stop(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const part of running.splice(0)) await part.stop();
});

async function start(zone?: Record<string, TestRecords>): Promise<TestNameServer> {
  const server = await startNameServer(zone);
  running.push(server);
  return server;
}

function resolverOf(servers: readonly TestNameServer[], options: DnsOptions = {}): CachingNameResolver {
  const addresses = servers.map(({ address }) => address);
  return new CachingNameResolver(
    new DnsServers({ servers: addresses, timeoutMs: 200 }),
    new HostsFile(options.hostsFile ?? '/nowhere'),
    { servers: addresses, ...options },
  );
}

const one = { 'one.test': { a: ['10.0.0.1', '10.0.0.2'], aaaa: ['2001:db8::1'] } };

describe('a name', () => {
  it('has all its addresses, another one first each time, IPv4 before IPv6', async () => {
    const names = resolverOf([await start(one)]);
    const firsts = [];
    for (let index = 0; index < 4; index++) {
      const found = await names.resolve('One.TEST.');
      expect([...found].sort()).toEqual(['10.0.0.1', '10.0.0.2', '2001:db8::1']);
      expect(found[2]).toBe('2001:db8::1');
      firsts.push(found[0]);
    }
    expect(firsts.filter((address) => address === '10.0.0.1')).toHaveLength(2);
  });

  it('is asked for once by many at the same time, and at once when it is known', async () => {
    const server = await start(one);
    const names = resolverOf([server]);
    await Promise.all(Array.from({ length: 50 }, async () => names.resolve('one.test')));
    expect(server.questions.sort()).toEqual(['one.test a', 'one.test aaaa']);
    expect(names.resolve('one.test')).toBeInstanceOf(Array);
  });

  it('is asked for again after its TTL, by a call that does not wait', async () => {
    const server = await start({ 'one.test': { a: ['10.0.0.1'], ttl: 1 } });
    const names = resolverOf([server]);
    await names.resolve('one.test');
    server.zone.set('one.test', { a: ['10.0.0.9'], ttl: 1 });
    await eventually(
      () => {
        const found = names.resolve('one.test');
        expect(found).toBeInstanceOf(Array);
        expect(found).toEqual(['10.0.0.9']);
      },
      { withinMs: 3000 },
    );
  });

  it('holds as long as an override says', async () => {
    const server = await start({ 'one.test': { a: ['10.0.0.1'], ttl: 3600 } });
    const names = resolverOf([server], { ttlOverrideSeconds: 0.1 });
    await names.resolve('one.test');
    await eventually(
      async () => {
        await names.resolve('one.test');
        expect(server.questions.length).toBeGreaterThan(4);
      },
      { withinMs: 2000 },
    );
  });

  it('that does not exist is not asked for again at once', async () => {
    const server = await start();
    const names = resolverOf([server]);
    await expect(names.resolve('none.test')).rejects.toThrow('no such name');
    await expect(names.resolve('none.test')).rejects.toThrow('no such name');
    expect(server.questions).toHaveLength(2);
  });

  it('whose answer is too long for UDP is asked for over TCP', async () => {
    const server = await start(one);
    server.mode = 'truncates';
    expect(await resolverOf([server]).resolve('one.test')).toHaveLength(3);
  });
});

describe('name servers', () => {
  it.each(['silent', 'broken'] as const)(
    'are switched when one is %s, and the one that answers is kept to',
    async (mode) => {
      const [first, second] = [await start(one), await start({ ...one, 'two.test': { a: ['10.0.0.3'] } })];
      first.mode = mode;
      const names = resolverOf([first, second]);
      expect(await names.resolve('one.test')).toHaveLength(3);
      expect(names.status().preferred).toBe(second.address);
      const asked = first.questions.length;
      expect(await names.resolve('two.test')).toEqual(['10.0.0.3']);
      expect(first.questions).toHaveLength(asked);
      [first.mode, second.mode] = ['well', mode];
      first.zone.set('three.test', { a: ['10.0.0.4'] });
      expect(await names.resolve('three.test')).toEqual(['10.0.0.4']);
    },
  );

  it('that all fail leave the last answer in use, and it is told', async () => {
    const server = await start(one);
    const names = resolverOf([server], { ttlOverrideSeconds: 0.05 });
    await names.resolve('one.test');
    server.mode = 'broken';
    await eventually(() => expect(names.status().stale).toEqual([]), { withinMs: 100 });
    await eventually(
      async () => {
        expect(await names.resolve('one.test')).toHaveLength(3);
        expect(names.status().stale).toEqual(['one.test']);
      },
      { withinMs: 2000 },
    );
    server.mode = 'well';
    await eventually(
      async () => {
        await names.resolve('one.test');
        expect(names.status().stale).toEqual([]);
      },
      { withinMs: 5000 },
    );
  });

  it('that all fail for longer than the bound fail the name', async () => {
    const server = await start(one);
    const names = resolverOf([server], { ttlOverrideSeconds: 0.05, staleSeconds: 0 });
    await names.resolve('one.test');
    server.mode = 'broken';
    await eventually(() => expect(Promise.resolve(names.resolve('one.test'))).rejects.toThrow('no name server'), {
      withinMs: 2000,
    });
  });

  it('are checked when they are configured', () => {
    expect(() => new DnsServers({ servers: ['not an address'], timeoutMs: 1 })).toThrow();
  });
});

describe('names of the machine', () => {
  it('that DNS does not know are asked of the system when they have no domain', async () => {
    const server = await start();
    const [name = 'localhost'] = hostname().split('.');
    const known = await lookup(name, { all: true }).catch(() => []);
    const found = await Promise.resolve(resolverOf([server]).resolve(name)).catch(() => []);
    expect([...found].sort()).toEqual(known.map(({ address }) => address).sort());
    expect(server.questions).toHaveLength(2);
  });

  it('go before DNS, and localhost never goes there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hosts-'));
    running.push({ stop: () => rmSync(folder, { recursive: true }) });
    const hostsFile = join(folder, 'hosts');
    writeFileSync(hostsFile, '# comment\n10.1.1.1\tOne.test  alias # more\n::5 one.test\nnonsense x\n');
    const server = await start(one);
    const names = resolverOf([server], { hostsFile });
    expect(names.resolve('one.test')).toEqual(['10.1.1.1', '::5']);
    expect(names.resolve('alias')).toEqual(['10.1.1.1']);
    expect(names.resolve('localhost')).toEqual(['127.0.0.1', '::1']);
    expect(names.resolve('a.localhost')).toEqual(['127.0.0.1', '::1']);
    expect(server.questions).toEqual([]);
  });
});
