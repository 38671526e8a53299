import type { oas31 } from 'zod-openapi';
import { apiSegments } from '@tollgate/contracts';
import { permissions } from '@tollgate/contracts/auth';

/** A rule of the public API that an operation breaks. */
export interface ApiRuleFinding {
  operation: string;
  rule: string;
}

type Operation = oas31.OperationObject & Record<`x-tollgate-${string}`, string | undefined>;
type Rule = (operation: Operation, path: string, method: string) => string | undefined | false;

const parameter = (operation: Operation, location: string, name: string): oas31.ParameterObject | undefined =>
  operation.parameters?.find(
    (entry): entry is oas31.ParameterObject => 'in' in entry && entry.in === location && entry.name === name,
  );

const responds = (operation: Operation, ...statuses: string[]): boolean =>
  statuses.every((status) => operation.responses?.[status] !== undefined);

function kind(operation: Operation): string {
  const value: unknown = operation['x-tollgate-kind'];
  return typeof value === 'string' ? value : '';
}

function successSchema(operation: Operation): string {
  const success = Object.entries<unknown>(operation.responses ?? {}).find(([status]) => status.startsWith('2'))?.[1];
  return JSON.stringify(success ?? {});
}

/** One line per rule of the public API; an operation that breaks it gets the text. */
const rules: Rule[] = [
  (_operation, path) => !(path.split('/')[3]! in apiSegments) && 'the first path segment has no owner',
  (operation, path) =>
    apiSegments[path.split('/')[3] as keyof typeof apiSegments] !== operation['x-tollgate-service'] &&
    'another service owns the path',
  (operation) => !operation.responses?.['default'] && 'errors are not declared as problem documents',
  (operation) => !responds(operation, '429') && 'no rate limit',
  (operation) =>
    operation['x-tollgate-access'] === 'permission' &&
    !(operation['x-tollgate-permission']! in permissions) &&
    'unknown permission',
  (operation) => operation['x-tollgate-access'] === 'service' && 'internal access on a public path',
  (operation) => operation['x-tollgate-access'] !== 'public' && !responds(operation, '401') && 'no 401',
  (operation) =>
    operation['x-tollgate-access'] === 'public' &&
    operation['x-tollgate-rate-limit'] !== 'sensitive' &&
    kind(operation) !== 'get' &&
    kind(operation) !== 'list' &&
    'a public change without the tight rate limit',
  (operation, _path, method) => method !== 'get' && !operation['x-tollgate-audit'] && 'a change without an audit entry',
  (operation, path) => path.includes('{') && !responds(operation, '404') && 'no 404',
  (operation) =>
    kind(operation) === 'list' &&
    !(parameter(operation, 'query', 'limit') && parameter(operation, 'query', 'cursor')) &&
    'a list without limit and cursor',
  (operation) =>
    kind(operation) === 'list' &&
    (parameter(operation, 'query', 'limit')?.schema as oas31.SchemaObject | undefined)?.maximum !== 200 &&
    'a list whose limit is not at most 200',
  (operation) =>
    kind(operation) === 'list' &&
    !successSchema(operation).includes('nextCursor') &&
    !successSchema(operation).includes('$ref') &&
    'a list without nextCursor',
  (operation) =>
    ['update', 'delete'].includes(kind(operation)) &&
    !operation['x-tollgate-without-if-match'] &&
    !(parameter(operation, 'header', 'if-match') && responds(operation, '412', '428')) &&
    'an update without If-Match',
  (operation) =>
    kind(operation) === 'create' &&
    operation['x-tollgate-access'] !== 'public' &&
    !operation['x-tollgate-without-idempotency-key'] &&
    !(parameter(operation, 'header', 'idempotency-key') && responds(operation, '422')) &&
    'a create without Idempotency-Key',
  (operation, _path, method) =>
    method === 'get' && !['get', 'list'].includes(kind(operation)) && 'a GET that is neither get nor list',
  (operation, _path, method) =>
    method !== 'get' && ['get', 'list'].includes(kind(operation)) && 'a get or list that is no GET',
];

/** Holds an OpenAPI document against the rules of the public API. An empty result means that every endpoint keeps them. */
export function checkApiRules(document: oas31.OpenAPIObject): ApiRuleFinding[] {
  const findings: ApiRuleFinding[] = [];
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation = item[method];
      if (operation === undefined) continue;
      for (const rule of rules) {
        const broken = rule(operation, path, method);
        if (broken) findings.push({ operation: `${method.toUpperCase()} ${path}`, rule: broken });
      }
    }
  }
  return findings;
}
