import { Validator } from '@seriousme/openapi-schema-validator';
import type { ReferenceSummary } from '@tollgate/contracts/rest/portal';
import { parse } from 'yaml';

/** A place in the document and what is wrong there; the pointer of the whole document is empty. */
export interface ReferenceFault {
  readonly pointer: string;
  readonly message: string;
}

/** What became of a text. */
export type ReferenceOutcome =
  | ({ readonly ok: true; readonly json: string } & Omit<ReferenceSummary, 'updatedAt'>)
  | { readonly ok: false; readonly faults: readonly ReferenceFault[] };

interface SchemaFault {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

type Members = Readonly<Record<string, unknown>>;

/** Deeper ones are none that people read, and would cost those who read them their stack. */
const maxDepth = 100;
/** Faults listed at most. */
const maxFaults = 20;
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
/** Keywords that only say that one of several alternatives should have fitted; what did not fit is listed beside them. */
const summaries: ReadonlySet<string> = new Set(['if', 'oneOf', 'anyOf', 'allOf', 'not']);

/** Reads and validates a document; large ones keep the thread busy for a second. It imports little: a thread starts for each document. */
export async function readReferenceText(text: string, maxBytes: number): Promise<ReferenceOutcome> {
  const parsed = parseText(text);
  if ('fault' in parsed) return refused(parsed.fault);
  const { value } = parsed;
  if (!isMembers(value)) return refused('It must be an object.');
  const specification = specificationOf(value['openapi']);
  if (specification === null) {
    return { ok: false, faults: [{ pointer: '/openapi', message: 'It must be a version 3.0 or 3.1 of OpenAPI.' }] };
  }
  if (isDeeper(value, maxDepth)) return refused(`It is nested more than ${maxDepth} levels deep.`);
  const json = JSON.stringify(value);
  if (Buffer.byteLength(json) > maxBytes) return refused('It is larger than 1 MiB as JSON.');
  const document = JSON.parse(json) as Members;
  const { valid, errors } = await new Validator({ logger: false }).validate({ ...document });
  if (!valid) return { ok: false, faults: faultsOf(errors, document) };
  return { ok: true, json, title: titleOf(document), specification, operations: countOperations(document) };
}

/** A text that begins with a brace may be YAML in flow style; if it is not, the fault of the JSON is what people want to know. */
function parseText(text: string): { value: unknown } | { fault: string } {
  let jsonFault: string | undefined;
  if (/^\s*\{/.test(text)) {
    try {
      return { value: JSON.parse(text) as unknown };
    } catch (error) {
      jsonFault = firstLineOf(error);
    }
  }
  try {
    return { value: parse(text, { prettyErrors: true, logLevel: 'error' }) as unknown };
  } catch (error) {
    return { fault: jsonFault ?? firstLineOf(error) };
  }
}

/** Also true for what holds itself, as aliases of YAML can say and JSON cannot. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

function specificationOf(version: unknown): ReferenceSummary['specification'] | null {
  const [, minor] = /^3\.([01])\.\d+/.exec(typeof version === 'string' ? version : '') ?? [];
  if (minor === undefined) return null;
  return minor === '0' ? 'openapi-3.0' : 'openapi-3.1';
}

function faultsOf(errors: string | readonly SchemaFault[] | undefined, document: Members): ReferenceFault[] {
  if (errors === undefined || typeof errors === 'string') {
    return [{ pointer: '', message: errors ?? 'It is no OpenAPI document.' }];
  }
  if (errors.some(isChoiceOfParts)) {
    // The validator stops at the first fault; that nothing describes the API would come to light only after this one.
    const lacks = 'info' in document ? [] : [lackOf('', 'info')];
    return [...lacks, { pointer: '', message: 'It needs paths, components or webhooks.' }];
  }
  const telling = errors.filter(({ keyword }) => !summaries.has(keyword));
  const faults = (telling.length === 0 ? errors : telling).map(toFault);
  const unlike = new Map(faults.map((fault) => [`${fault.pointer} ${fault.message}`, fault]));
  return [...unlike.values()].slice(0, maxFaults);
}

/** A document of version 3.1 has one part of three at least; that it lacks each of them is one fault and not three. */
function isChoiceOfParts({ schemaPath, keyword }: SchemaFault): boolean {
  return keyword === 'required' && /^#\/anyOf\/\d+\/required$/.test(schemaPath);
}

function lackOf(pointer: string, name: string): ReferenceFault {
  return { pointer, message: `It lacks ${name}.` };
}

function toFault({
  instancePath,
  message = 'It is not as the specification says.',
  keyword,
  params,
}: SchemaFault): ReferenceFault {
  const missing = params['missingProperty'];
  if (keyword === 'required' && typeof missing === 'string') {
    return lackOf(instancePath, missing);
  }
  const surplus = params['additionalProperty'] ?? params['unevaluatedProperty'];
  const named = typeof surplus === 'string' ? `${message}: ${surplus}` : message;
  return { pointer: instancePath, message: named };
}

function titleOf({ info }: Members): string {
  const title = isMembers(info) ? info['title'] : undefined;
  return typeof title === 'string' ? title : '';
}

function countOperations({ paths }: Members): number {
  const items = isMembers(paths) ? Object.values(paths).filter(isMembers) : [];
  return items.reduce((sum, item) => sum + methods.filter((method) => method in item).length, 0);
}

function refused(message: string): ReferenceOutcome {
  return { ok: false, faults: [{ pointer: '', message }] };
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstLineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? message;
}
