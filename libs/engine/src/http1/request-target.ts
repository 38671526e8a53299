import { METHODS } from 'node:http';
import { engineErrors } from '../engine.errors.ts';
import { slash } from './characters.ts';
import type { HeadFault } from './header-block.ts';
import type { RequestLine } from './request-line.ts';
import { isTextAt, type TextCache } from './text-cache.ts';

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
    if (name.length === end - start && isTextAt(name, bytes, start)) return name;
  }
  const spelled = bytes.toString('latin1', start, end);
  return isServedMethod(spelled) ? spelled : null;
}

/** Whether a method is one that the engine passes on. */
export function isServedMethod(method: string): boolean {
  return knownMethods.has(method);
}

/** What a request line asks for. Reused from request to request. */
export class RequestTarget {
  method = '';
  /** Origin form: path and query. */
  target = '';
  readonly #texts: TextCache;

  constructor(texts: TextCache) {
    this.#texts = texts;
  }

  /** Takes the target as origin form; an absolute form must name the authority of Host. @returns why it cannot be served, or null. */
  read(bytes: Buffer, line: RequestLine, authority: string): HeadFault | null {
    const method = methodAt(bytes, line.methodStart, line.methodEnd);
    if (method === null) return unknownMethod;
    this.method = method;
    const target = this.#texts.at(bytes, line.targetStart, line.targetEnd);
    if (bytes[line.targetStart] === slash) {
      this.target = target;
      return null;
    }
    if (target === '*' && method === 'OPTIONS') {
      this.target = '/*';
      return null;
    }
    const absolute = /^https?:\/\/([^/?]+)(.*)$/i.exec(target);
    if (absolute?.[1]?.toLowerCase() !== authority.toLowerCase()) return foreignTarget;
    const rest = absolute[2] ?? '';
    this.target = rest.startsWith('/') ? rest : `/${rest}`;
    return null;
  }
}
