import { parser } from '@prometheus-io/lezer-promql';

/** What a PromQL expression reads. */
export interface Query {
  /** Names of series. */
  readonly series: readonly string[];
  /** Labels that it selects or groups by. */
  readonly labels: readonly string[];
}

/** Grafana's variables, which are filled in before Prometheus sees an expression. */
const VARIABLES: readonly [RegExp, string][] = [
  [/\$__rate_interval/g, '5m'],
  [/\$__range/g, '1h'],
];

/** Reads an expression. @throws Error naming the place where it is no PromQL. */
export function readQuery(expression: string): Query {
  const text = VARIABLES.reduce((result, [pattern, value]) => result.replaceAll(pattern, value), expression);
  const series: string[] = [];
  const labels: string[] = [];
  parser.parse(text).iterate({
    enter: ({ name, type, from, to, node }) => {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${text}`);
      const parent = node.parent?.name;
      if (name === 'Identifier' && parent === 'VectorSelector') series.push(text.slice(from, to));
      if (name === 'LabelName') labels.push(text.slice(from, to));
    },
  });
  return { series, labels };
}
