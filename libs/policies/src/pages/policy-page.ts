import type { AnyPolicy } from '@tollgate/engine';
import { z } from 'zod';

/** Path of a policy's page below `libs/policies`. */
export function policyPagePath(name: string): string {
  return `src/${name}/${name}.md`;
}

/** The page with its generated parts, between the markers, as they should be now. Throws when a marker is missing. */
export function renderPolicyPage(policy: AnyPolicy, page: string): string {
  return replacePart(replacePart(page, 'options', optionTable(policy)), 'errors', errorTable(policy));
}

function optionTable({ schema }: AnyPolicy): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  const rows = Object.entries(properties).map(([name, property]) => {
    const option = typeof property === 'boolean' ? {} : property;
    return [`\`${name}\``, typeOf(option), defaultOf(option, required.includes(name)), option.description ?? ''];
  });
  return table(['option', 'type', 'default', 'meaning'], rows);
}

function errorTable({ errors }: AnyPolicy): string {
  if (errors.length === 0) return 'None of its own.';
  const rows = errors.map(({ code, status, title }) => [`\`${code}\``, String(status), title]);
  return table(['code', 'status', 'meaning'], rows);
}

type JsonSchema = z.core.JSONSchema.JSONSchema;

function typeOf({ type, enum: values, anyOf, items }: JsonSchema): string {
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (anyOf !== undefined) return 'object';
  if (type === 'array' && typeof items === 'object' && !Array.isArray(items) && items.type !== undefined) {
    return `list of ${String(items.type)}`;
  }
  if (Array.isArray(type)) return type.join(' or ');
  return type === 'array' ? 'list' : String(type ?? 'any');
}

function defaultOf(option: JsonSchema, isRequired: boolean): string {
  if (isRequired) return 'needed';
  return option.default === undefined ? '' : `\`${JSON.stringify(option.default)}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function replacePart(page: string, part: string, content: string): string {
  const [begin, end] = [`<!-- ${part}:begin -->`, `<!-- ${part}:end -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
}
