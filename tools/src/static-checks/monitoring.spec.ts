import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exposedSeries } from './metric-catalogue.ts';
import { readQuery } from './promql.ts';
import { readData } from './repository.ts';

const rules = z
  .object({
    groups: z.array(
      z.strictObject({
        name: z.string(),
        rules: z.array(
          z.union([
            z.strictObject({ record: z.string(), expr: z.string() }),
            z.strictObject({
              alert: z.string(),
              expr: z.string(),
              for: z.string().optional(),
              labels: z.object({ severity: z.enum(['warning', 'critical']) }),
              annotations: z.object({ summary: z.string().min(1) }),
            }),
          ]),
        ),
      }),
    ),
  })
  .parse(readData('infra/charts/tollgate/files/rules.yaml'))
  .groups.flatMap((group) => group.rules);

const dashboard = z
  .object({
    uid: z.string(),
    panels: z.array(
      z.object({
        id: z.number(),
        title: z.string(),
        type: z.string(),
        gridPos: z.object({ x: z.number(), w: z.number() }),
        targets: z.array(z.object({ expr: z.string(), datasource: z.object({ uid: z.string() }) })).default([]),
      }),
    ),
  })
  .parse(readData('infra/charts/tollgate/files/dashboard.json'));

const recorded = rules.flatMap((rule) => ('record' in rule ? [rule.record] : []));
const series = await exposedSeries();

/** Series that nobody exposes, and labels that none of the expression's series has. */
function faultsOf(expression: string): string[] {
  const query = readQuery(expression);
  const own = query.series.filter((name) => !recorded.includes(name));
  const missing = own.filter((name) => !series.has(name)).map((name) => `no series ${name}`);
  if (own.length < query.series.length) return missing;
  const known = new Set(own.flatMap((name) => series.get(name) ?? []));
  return [...missing, ...query.labels.filter((label) => !known.has(label)).map((label) => `no label ${label}`)];
}

describe('the catalogue of metrics', () => {
  it('holds what the code makes, with its labels, and what the runtime adds', () => {
    expect(series.get('tollgate_events_delivered_total')).toEqual(
      expect.arrayContaining(['consumer', 'outcome', 'job']),
    );
    expect(series.get('http_server_request_duration_seconds_bucket')).toContain('le');
    expect(series.has('process_resident_memory_bytes')).toBe(true);
  });

  it('shows a query of what does not exist', () => {
    expect(faultsOf('sum by (colour) (rate(tollgate_usage_calls_total[5m])) + nothing_total')).toEqual([
      'no series nothing_total',
      'no label colour',
    ]);
    expect(() => readQuery('sum(rate(up[5m])')).toThrow('not PromQL');
  });
});

describe('alert and recording rules', () => {
  it.each(rules.map((rule) => ['record' in rule ? rule.record : rule.alert, rule.expr]))(
    '%s reads what is exposed',
    (_name, expr) => {
      expect(faultsOf(expr)).toEqual([]);
    },
  );

  it('have names of their own', () => {
    const names = rules.map((rule) => ('record' in rule ? rule.record : rule.alert));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('the dashboard', () => {
  const charts = dashboard.panels.filter(({ type }) => type !== 'row');

  it.each(charts.map(({ title, targets }) => [title, targets] as const))(
    '“%s” reads what is exposed',
    (_title, targets) => {
      expect(targets.length).toBeGreaterThan(0);
      expect(targets.flatMap(({ expr }) => faultsOf(expr))).toEqual([]);
    },
  );

  it('asks for its data source instead of naming one, so that it fits every installation', () => {
    expect(new Set(charts.flatMap(({ targets }) => targets.map(({ datasource }) => datasource.uid)))).toEqual(
      new Set(['${datasource}']),
    );
  });

  it('has panels of different ids within the width of the screen', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    expect(dashboard.panels.filter(({ gridPos }) => gridPos.x + gridPos.w > 24)).toEqual([]);
  });
});
