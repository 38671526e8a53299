import { serviceNames, servicePorts } from '@tollgate/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { environmentFaults } from './app-environment.ts';
import { type KubernetesObject, lintChart, prepareHelm, renderChart } from './helm.ts';
import { validateObject } from './kubernetes-models.ts';
import { environmentOf, type Workload, workloadsOf } from './workload.ts';

const chart = 'infra/charts/tollgate';

/** Everything that can be switched on. */
const everything = [
  'gateway.enabled=true',
  'gateway.autoscaling.enabled=true',
  'gateway.storage.storageClassName=fast',
  'serviceDefaults.autoscaling.enabled=true',
  'ingress.enabled=true',
  'ingress.className=any',
  'ingress.console.tlsSecret=console-tls',
  'kafka.brokers={kafka-0:9092,kafka-1:9092}',
  'kafka.ssl=true',
  'kafka.saslMechanism=scram-sha-512',
  'otlpEndpoint=http://collector:4318',
  'image.pullSecrets[0].name=registry',
  'database.parameters=sslmode=verify-full',
  'services.iam.env.RATE_LIMIT_PER_MINUTE=6000',
  'networkPolicies.monitoringPeers[0].namespaceSelector.matchLabels.name=monitoring',
  'networkPolicies.databasePeers[0].ipBlock.cidr=10.0.0.0/24',
  'networkPolicies.ingressPeers[0].namespaceSelector.matchLabels.name=ingress',
  'monitoring.serviceMonitors=true',
  'monitoring.rules=true',
  'monitoring.dashboard=true',
];
const forms = { 'its defaults': [], 'everything switched on': everything };

beforeAll(() => prepareHelm(), 1_200_000);

describe('the chart', () => {
  it('is checked by something that refuses what Kubernetes would refuse', () => {
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } };
    expect(() => validateObject({ ...service, spec: { ports: [{ port: 'http' }] } })).toThrow('port');
    expect(() => validateObject({ ...service, kind: 'Servise' })).toThrow('Servise');
  });

  it('has no findings', () => {
    expect(lintChart(chart)).toBe('');
  });

  it.each([
    ['a setting that does not exist', 'colour=red'],
    ['an image without a version', 'image.tag=latest'],
    ['a port that is none', 'database.port=99999'],
  ])('refuses %s', (_what, setting) => {
    expect(() => renderChart(chart, [setting])).toThrow(/schema/);
  });
});

describe.each(Object.entries(forms))('the chart with %s', (form, settings) => {
  let objects: KubernetesObject[];
  let workloads: Workload[];
  const apps = [...serviceNames, 'migrate', ...(form === 'its defaults' ? [] : ['gateway'])];
  const workloadOf = (app: string): Workload => {
    const found = workloads.find((workload) => workload.app === app);
    if (found === undefined) throw new Error(`${app} is not rendered`);
    return found;
  };

  beforeAll(() => {
    objects = renderChart(chart, settings);
    workloads = workloadsOf(objects);
  });

  it('renders only objects that Kubernetes accepts', () => {
    const faults = objects.flatMap((object) => {
      try {
        validateObject(object);
        return [];
      } catch (error) {
        return [`${object.kind} ${object.metadata.name}: ${String(error)}`];
      }
    });
    expect(faults).toEqual([]);
    expect(objects.length).toBeGreaterThan(20);
  });

  it('gives every object a name of its own', () => {
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('runs every app', () => {
    expect(workloads.map(({ app }) => app).toSorted()).toEqual(apps.toSorted());
  });

  it.each(apps)('gives %s an environment that its schema knows and accepts', async (app) => {
    expect(await environmentFaults(app, environmentOf(workloadOf(app), objects))).toEqual([]);
  });

  it.each(apps)('runs %s without root, capabilities, a writable image and the cluster’s token', (app) => {
    const { pod, container } = workloadOf(app);
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.image).toMatch(/^tollgate\/[\w-]+:\d+\.\d+\.\d+$/);
  });

  it.each(apps.filter((app) => app !== 'migrate'))('asks %s whether it lives and whether it is ready', (app) => {
    const { container } = workloadOf(app);
    const port = app === 'gateway' ? 'status' : 'http';
    expect(container.livenessProbe?.httpGet).toEqual({ path: '/healthz', port });
    expect(container.readinessProbe?.httpGet).toEqual({ path: '/readyz', port });
    expect(container.ports.map(({ name }) => name)).toContain(port);
  });

  it.each(serviceNames)('lets %s listen where the others look for it', (app) => {
    const { container } = workloadOf(app);
    expect(container.ports).toContainEqual({ name: 'http', containerPort: servicePorts[app] });
    const variable = `${app.toUpperCase().replaceAll('-', '_')}_URL`;
    const address = environmentOf(workloadOf('console-bff'), objects)[variable];
    if (app !== 'console-bff') expect(address).toBe(`http://test-tollgate-${app}:${servicePorts[app]}`);
  });

  it('gives the administrator’s database address to the migrate step alone', () => {
    const holders = workloads.filter(({ container }) =>
      container.env.some(({ valueFrom }) => valueFrom?.secretKeyRef.key === 'DATABASE_URL'),
    );
    expect(holders.map(({ app }) => app)).toEqual(['migrate']);
  });

  it('lets through no connection but those that exist', () => {
    const policy = z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({
        podSelector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
        policyTypes: z.array(z.string()),
        ingress: z.array(z.unknown()).default([]),
      }),
    });
    const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy').map((object) => policy.parse(object));
    const selected = policies.map(({ spec }) => spec.podSelector.matchLabels['app.kubernetes.io/component']);
    expect(selected.toSorted()).toEqual([...apps, undefined].toSorted());
    expect(policies.filter(({ spec }) => spec.policyTypes.length !== 2)).toEqual([]);
    const everybody = policies.find(({ metadata }) => metadata.name === 'test-tollgate-default');
    expect(everybody?.spec.ingress).toEqual([]);
  });
});
