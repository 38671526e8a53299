import { METHODS } from 'node:http';
import { engineErrors } from '../engine.errors.ts';
import { slash } from './characters.ts';
import type { HeadFault, HeaderBlock } from './header-block.ts';
import type { RequestLine } from './request-line.ts';

/** What a request line asks for. */
export interface RequestTarget {
  readonly method: string;
  /** Origin form: path and query. */
  readonly target: string;
}

const commonMethods = ['GET', 'POST', 'PUT', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS'];
const foreignTarget: HeadFault = {
  error: engineErrors.badRequest,
  detail: 'the request target is malformed or of another authority',
};
const unknownMethod: HeadFault = { error: engineErrors.notImplemented, detail: 'the method is not supported' };
/** Methods that are registered, and that every server reads alike; tunnels are none of a gateway's business. */
const knownMethods = new Set(METHODS.filter((method) => method !== 'CONNECT'));

/** The method's name, without making a string for those that everybody uses; null when it is not known. */
function methodAt(bytes: Buffer, start: number, end: number): string | null {
  for (let index = 0; index < commonMethods.length; index++) {
    const name = commonMethods[index]!;
    if (name.length === end - start && isAt(bytes, start, name)) return name;
  }
  const spelled = bytes.toString('latin1', start, end);
  return knownMethods.has(spelled) ? spelled : null;
}

function isAt(bytes: Buffer, start: number, name: string): boolean {
  for (let index = 0; index < name.length; index++) {
    if (bytes[start + index] !== name.charCodeAt(index)) return false;
  }
  return true;
}

/** Takes the target as origin form; an absolute form must name the authority of Host. */
export function readTarget(bytes: Buffer, line: RequestLine, block: HeaderBlock): RequestTarget | HeadFault {
  const method = methodAt(bytes, line.methodStart, line.methodEnd);
  const target = bytes.toString('latin1', line.targetStart, line.targetEnd);
  if (method === null) return unknownMethod;
  if (bytes[line.targetStart] === slash) return { method, target };
  if (target === '*' && method === 'OPTIONS') return { method, target: '/*' };
  const absolute = /^https?:\/\/([^/?]+)(.*)$/i.exec(target);
  if (absolute?.[1]?.toLowerCase() !== block.authority.toLowerCase()) return foreignTarget;
  const rest = absolute[2] ?? '';
  return { method, target: rest.startsWith('/') ? rest : `/${rest}` };
}
