/** What stands in place of a secret. */
export const redactedText = '[redacted]';

/** Parts of names whose values are never told; looked for in names without `-`, `_`, blanks and case. */
const secretNames =
  /secret|passw|passphrase|token|apikey|privatekey|accesskey|clientkey|authkey|signingkey|encryptionkey|authorization|credential|cookie|sha256|hash$|^jwt$|^pem$|^keys?$/;
/** An object with one of these counts or chooses by its `key`, which names what to count or choose by. */
const besidesOpenKey = ['hash_on', 'key_type', 'count', 'rate', 'conn'];
/** Operators of conditions on variables: `[name, operator, value]`. */
const operator = /^(!|[=~<>]|in$|has$|ipmatch$)/i;

/** Texts that carry a secret whatever they are called. Bounded, since texts may be long. */
const secretTexts = [
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/,
  /\b(?:bearer|basic|digest)\s{1,4}[\w.~+/=-]{6}/i,
  /\btg_[a-z0-9]{1,20}_/i,
  /^ey[\w-]{10,}\.[\w-]+\.[\w-]*$/,
  /:\/\/[^/?#\s@]{0,200}:[^/?#\s@]{0,200}@/,
];

/** What of a value may be told. */
export interface Redacted {
  readonly value: unknown;
  readonly isRedacted: boolean;
}

/**
 * A value without what is secret in it: what a secret's name leads to, and texts that look like keys, tokens or addresses with a password.
 * Rather too much than too little.
 * @param place.path JSON pointer of the value in `root`, whose names count, too.
 */
export function redact(value: unknown, place: { readonly path: string; readonly root: unknown }): Redacted {
  let container = place.root;
  for (const escaped of place.path.split('/').slice(1)) {
    const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isSecret(container, name)) return hide(value);
    container = memberOf(container, name);
  }
  return redactInside(value);
}

function redactInside(value: unknown): Redacted {
  if (typeof value === 'string') return isSecretText(value) ? hide(value) : { value, isRedacted: false };
  if (typeof value !== 'object' || value === null) return { value, isRedacted: false };
  let isRedacted = false;
  const members = Object.entries(value).map(([name, member]): [string, unknown] => {
    const told = isSecret(value, name) ? hide(member) : redactInside(member);
    isRedacted ||= told.isRedacted;
    return [name, told.value];
  });
  return {
    value: Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members),
    isRedacted,
  };
}

/** Whether something is on or off, or there at all, is no secret. */
function hide(value: unknown): Redacted {
  const isOpen = value === undefined || value === null || typeof value === 'boolean';
  return isOpen ? { value, isRedacted: false } : { value: redactedText, isRedacted: true };
}

function isSecret(container: unknown, name: string): boolean {
  if (Array.isArray(container)) return isSecretCondition(container) && name === '2';
  if (name === 'value') return isSecretName(memberOf(container, 'name'));
  if (!isSecretName(name)) return false;
  const isOpenKey = name === 'key' && besidesOpenKey.some((other) => memberOf(container, other) !== undefined);
  return !isOpenKey && !(name === 'key' && memberOf(container, 'type') === 'chash');
}

/** Whether it compares what a secret's name leads to with a value. */
function isSecretCondition([name, comparison]: readonly unknown[]): boolean {
  return isSecretName(name) && typeof comparison === 'string' && operator.test(comparison);
}

function isSecretName(name: unknown): boolean {
  return typeof name === 'string' && secretNames.test(name.replaceAll(/[-_\s]/g, '').toLowerCase());
}

/** Also a header that is written as one text, `Name: value`. */
function isSecretText(text: string): boolean {
  const colon = text.search(/:(?!\/\/)/);
  const isField = colon > 0 && colon <= 64 && /^[\w-]+$/.test(text.slice(0, colon)) && text.length > colon + 1;
  return (isField && isSecretName(text.slice(0, colon))) || secretTexts.some((pattern) => pattern.test(text));
}

function memberOf(container: unknown, name: string): unknown {
  const isThere = typeof container === 'object' && container !== null && Object.hasOwn(container, name);
  return isThere ? (container as Record<string, unknown>)[name] : undefined;
}
