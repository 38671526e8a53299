import { serviceNames, servicePorts, serviceSchemas } from '@tollgate/contracts';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { environmentSchema } from './app-environment.ts';
import { readData } from './repository.ts';
import { calledServices } from './service-calls.ts';

const chart = 'infra/charts/tollgate';
const isValid = new Ajv({ strict: false }).compile(z.looseObject({}).parse(readData(`${chart}/values.schema.json`)));
const quantities = z.object({ cpu: z.string(), memory: z.string() });
const valuesSchema = z.looseObject({
  serviceDefaults: z.looseObject({ replicas: z.number(), resources: z.looseObject({ limits: quantities }) }),
});
const values = valuesSchema.parse(readData(`${chart}/values.yaml`));
const facts = z
  .record(
    z.enum(serviceNames),
    z.strictObject({
      port: z.number(),
      schema: z.string().optional(),
      publicPort: z.number().optional(),
      linkPort: z.number().optional(),
      callers: z.array(z.enum(serviceNames)),
      secrets: z.array(z.string()),
    }),
  )
  .parse(readData(`${chart}/files/services.yaml`));

const factOf = <K extends 'port' | 'schema' | 'publicPort' | 'linkPort'>(key: K): Record<string, unknown> =>
  Object.fromEntries(
    serviceNames.map((name): [string, unknown] => [name, facts[name][key]]).filter(([, value]) => value !== undefined),
  );

describe('the values of the chart', () => {
  it('have defaults that their schema accepts', () => {
    isValid(values);
    expect(isValid.errors ?? null).toBeNull();
  });

  it.each([
    ['a setting that does not exist', { colour: 'red' }],
    ['an image without a version', { image: { repository: 'tollgate', tag: 'latest' } }],
    ['no replica', { serviceDefaults: { ...values.serviceDefaults, replicas: 0 } }],
    ['a service that does not exist', { services: { billing: {} } }],
    ['a link without TLS', { publicUrls: { console: 'http://a', portal: 'http://b', link: 'http://c' } }],
  ])('may not hold %s', (_what, change) => {
    expect(isValid({ ...values, ...change })).toBe(false);
  });

  it('keep the control plane within 4 cores and 5,760 MiB', () => {
    const { replicas, resources } = values.serviceDefaults;
    const millicores = z
      .string()
      .regex(/^\d+m$/)
      .parse(resources.limits.cpu);
    const mebibytes = z
      .string()
      .regex(/^\d+Mi$/)
      .parse(resources.limits.memory);
    const pods = replicas * serviceNames.length;
    expect(pods * parseInt(millicores)).toBeLessThanOrEqual(4000);
    expect(pods * parseInt(mebibytes)).toBeLessThanOrEqual(5760);
  });
});

describe('the facts of the chart', () => {
  it('are those of the contracts', () => {
    expect(factOf('port')).toEqual(servicePorts);
    expect(factOf('schema')).toEqual(serviceSchemas);
  });

  it('open the documented public ports', () => {
    expect(factOf('publicPort')).toEqual({ 'console-bff': 8080, 'developer-portal': 8081 });
    expect(factOf('linkPort')).toEqual({ 'gateway-manager': 8443 });
  });

  it.each(serviceNames)('let %s through to every service that its code calls', (caller) => {
    const open = serviceNames.filter((name) => facts[name].callers.includes(caller));
    expect(open).toEqual(expect.arrayContaining(calledServices(caller)));
  });

  it.each(serviceNames)('name only secrets that %s reads', async (name) => {
    const known = Object.keys((await environmentSchema(name)).shape);
    expect(known).toEqual(expect.arrayContaining(facts[name].secrets));
  });
});
