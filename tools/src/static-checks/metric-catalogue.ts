import { globSync } from 'node:fs';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { readText, root } from './repository.ts';

/** A metric that a process of ours exposes. */
export interface Metric {
  readonly kind: 'Counter' | 'Gauge' | 'Histogram' | 'Summary';
  readonly labels: readonly string[];
}

const CONSTRUCTION = /new (?<kind>Counter|Gauge|Histogram|Summary)(?:<[^>]*>)?\(\{(?<body>[^}]*)/g;
const NAME = /name: '(?<name>[a-z_]+)'/;
const LABELS = /labelNames: \[(?<labels>[^\]]*)\]/;

/** What Prometheus adds to every series, and the label that every service puts on all of its own. */
const commonLabels = ['job', 'instance', 'service'];

/** Every time series that Prometheus can hold of us, by name as it is queried: those made in the code, and those of the runtime. */
export async function exposedSeries(): Promise<Map<string, readonly string[]>> {
  const series = new Map<string, readonly string[]>([['up', commonLabels]]);
  for (const [name, metric] of [...metricsOfRuntime(), ...metricsOfCode()]) {
    const labels = [...commonLabels, ...metric.labels, ...(series.get(name) ?? [])];
    for (const [suffix, more] of suffixesOf(metric.kind)) series.set(`${name}${suffix}`, [...labels, ...more]);
  }
  return series;
}

function suffixesOf(kind: Metric['kind']): [suffix: string, labels: string[]][] {
  if (kind === 'Histogram')
    return [
      ['_bucket', ['le']],
      ['_sum', []],
      ['_count', []],
    ];
  if (kind === 'Summary')
    return [
      ['', ['quantile']],
      ['_sum', []],
      ['_count', []],
    ];
  return [['', []]];
}

function metricsOfCode(): [name: string, metric: Metric][] {
  const files = globSync('{libs,apps}/*/src/**/*.ts', { cwd: root, exclude: (path) => path.endsWith('spec.ts') });
  return files.flatMap((file) =>
    [...readText(file).matchAll(CONSTRUCTION)].flatMap(({ groups: { kind, body = '' } = {} }) => {
      const name = NAME.exec(body)?.groups?.['name'];
      if (name === undefined) return [];
      const labels = [...(LABELS.exec(body)?.groups?.['labels'] ?? '').matchAll(/'(\w+)'/g)].map(
        ([, label = '']) => label,
      );
      return [[name, { kind: kind as Metric['kind'], labels }] satisfies [string, Metric]];
    }),
  );
}

function metricsOfRuntime(): [name: string, metric: Metric][] {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry
    .getMetricsAsArray()
    .map((metric) => [
      metric.name,
      { kind: metric instanceof Object && 'buckets' in metric ? 'Histogram' : 'Gauge', labels: [] },
    ]);
}
