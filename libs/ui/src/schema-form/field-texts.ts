import type { JsonSchema } from './json-schema.ts';

/** How a field is called and explained where the schema’s own words do not serve. */
export interface FieldText {
  readonly label?: string;
  readonly hint?: string;
  /** Names of the values that can be chosen. */
  readonly options?: Readonly<Record<string, string>>;
}

/** Texts by the names of the properties that lead to a field. */
export type FieldTexts = (path: readonly string[]) => FieldText | undefined;

/** Units that a number can carry; `ui.schema.units.<unit>`. */
export type Unit = 'seconds' | 'milliseconds' | 'bytes' | 'days' | 'hours' | 'minutes';

const acronyms = new Set([
  'id',
  'ip',
  'uri',
  'url',
  'http',
  'https',
  'tls',
  'tcp',
  'sni',
  'ttl',
  'ssl',
  'cors',
  'jwt',
  'api',
]);

/** Words that only keys of options shorten. */
const shortened = new Map([['msg', 'message']]);

/** `rejected_code` and `rejectedCode` as words: “Rejected code”. */
export function labelOf(name: string): string {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[_\s-]+/)
    .filter((word) => word !== '')
    .map((word) => (acronyms.has(word) ? word.toUpperCase() : (shortened.get(word) ?? word)));
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const units: readonly [Unit, RegExp, RegExp][] = [
  ['milliseconds', /(?:Ms|_ms|Milliseconds)$/, /\bmilliseconds?\b|毫秒/i],
  [
    'seconds',
    /(?:Seconds|_seconds|_secs?)$/,
    /\b(?:in seconds|seconds (?:that|after|in|between|for|a|until)|^seconds)\b|秒/i,
  ],
  ['bytes', /(?:Bytes|_bytes)$/, /\bbytes?\b|字节/i],
  ['minutes', /(?:Minutes|_minutes)$/, /\bin minutes\b|分钟/i],
  ['hours', /(?:Hours|_hours)$/, /\bin hours\b|小时/i],
  ['days', /(?:Days|_days)$/, /\bin days\b|天数/i],
];

/** The unit of a number, from its name or its description; undefined when neither tells. */
export function unitOf(name: string, schema: JsonSchema): Unit | undefined {
  const { description = '' } = schema;
  return units.find(([, ofName, ofText]) => ofName.test(name) || ofText.test(description))?.[0];
}
