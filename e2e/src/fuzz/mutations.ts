import fc from 'fast-check';
import type { ApiDescription, Operation } from '../api/operations.ts';
import type { Samples } from '../api/samples.ts';

const hostileTexts = [
  '',
  ' ',
  '\0',
  '\u{1F4A9}'.repeat(300),
  '../../etc/passwd',
  "'; drop table tenant; --",
  '<script>alert(1)</script>',
  '${jndi:ldap://x}',
  '%00',
  '-1',
  '1e309',
  'NaN',
  '\ud800',
  'a'.repeat(5000),
  '9007199254740993',
  '2026-13-45T99:99:99Z',
  'http://169.254.169.254/',
];

/** Any JSON value that somebody hostile would put anywhere. */
const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...hostileTexts, null, true, 0, -1, 1.5, Number.MAX_SAFE_INTEGER, -1e300, [], {}, [[]], {
    __proto__: 1,
  }),
  fc.jsonValue({ maxDepth: 3 }),
);

function placesOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value) ? value.map((member, index) => [index, member] as const) : Object.entries(value);
  return [path, ...entries.flatMap(([key, member]) => placesOf(member, [...path, key]))];
}

function replaceAt(value: unknown, path: readonly (string | number)[], replacement: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((member, index) => (index === head ? replaceAt(member, rest, replacement) : (member as unknown)));
  const object = value as Record<string, unknown>;
  return { ...object, [head]: replaceAt(object[head], rest, replacement) };
}

/** A body for the operation: fitting, changed in one place, with a member too many, no JSON at all, or absent. */
function bodyArbitrary(operation: Operation, samples: Samples): fc.Arbitrary<unknown> {
  const { body } = operation;
  if (body === undefined) return fc.constant(undefined);
  const fitting = fc.nat().map(() => samples.of(body));
  const changed = fc.tuple(fitting, fc.nat(), hostileValue).map(([value, at, replacement]) => {
    const places = placesOf(value);
    return replaceAt(value, places[at % places.length] ?? [], replacement);
  });
  const extended = fc
    .tuple(fitting, hostileValue)
    .map(([value, extra]) => ({ ...(value as object), unexpected: extra }));
  const broken = fc.tuple(fitting, fc.nat()).map(([value, at]) => {
    const text = JSON.stringify(value) ?? '';
    return text.slice(0, at % (text.length + 1));
  });
  return fc.oneof(
    { weight: 2, arbitrary: fitting },
    { weight: 5, arbitrary: changed },
    { weight: 1, arbitrary: extended },
    { weight: 1, arbitrary: broken },
    { weight: 1, arbitrary: hostileValue },
    fc.constant(undefined),
  );
}

/** One request of the fuzzer, apart from its token. */
export interface FuzzedRequest {
  operation: Operation;
  target: string;
  body: unknown;
  headers: Record<string, string>;
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** Requests for every operation of the API, most of them wrong. */
export function fuzzedRequests(
  api: ApiDescription,
  samples: Samples,
  parametersFor: (operation: Operation) => Readonly<Record<string, string>>,
): fc.Arbitrary<FuzzedRequest> {
  return fc.constantFrom(...api.operations).chain((operation) => {
    const known = parametersFor(operation);
    const parameters = fc.record(
      Object.fromEntries(
        operation.pathParameters.map((name) => [
          name,
          fc.oneof(
            { weight: 4, arbitrary: fc.constant(known[name] ?? 'x') },
            { weight: 1, arbitrary: hostileValue.map(asText) },
          ),
        ]),
      ),
    );
    const query = fc.record(
      Object.fromEntries(
        [...operation.queryParameters.map(({ name }) => name), 'unexpected'].map((name) => [
          name,
          fc.option(hostileValue.map(asText), { freq: 3, nil: undefined }),
        ]),
      ),
    );
    const headers = fc.record({
      'if-match': fc.option(fc.constantFrom('"1"', '"0"', '*', 'W/"1"', '"99999999999999999999"', 'x'), {
        nil: undefined,
      }),
      'idempotency-key': fc.option(fc.constantFrom('a', 'k'.repeat(129), 'same', ' '), { nil: undefined }),
      'x-request-id': fc.option(fc.constantFrom('short', 'x'.repeat(500), 'a-valid-request-id'), { nil: undefined }),
      'content-type': fc.option(
        fc.constantFrom('application/json', 'text/plain', 'application/xml', 'application/json; charset=utf-16'),
        { freq: 8, nil: undefined },
      ),
    });
    return fc
      .tuple(parameters, query, headers, bodyArbitrary(operation, samples))
      .map(([path, queryValues, headerValues, body]) => {
        const search = new URLSearchParams(
          Object.entries(queryValues).filter((entry): entry is [string, string] => entry[1] !== undefined),
        );
        const filled = operation.path.replaceAll(
          /\{([^}]+)\}/g,
          (_match, name: string) => encodeURIComponent((path[name] ?? '').toWellFormed()) || '%20',
        );
        return {
          operation,
          target: `${filled}${search.size > 0 ? `?${search.toString()}` : ''}`,
          body,
          headers: Object.fromEntries(
            Object.entries(headerValues).filter((entry): entry is [string, string] => entry[1] !== undefined),
          ),
        };
      });
  });
}
