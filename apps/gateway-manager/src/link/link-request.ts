import type { IncomingMessage, ServerResponse } from 'node:http';
import { linkErrors, linkProtocolHeader, supportedLinkProtocols } from '@tollgate/contracts/dataplane';
import { commonErrors } from '@tollgate/contracts/errors';
import { ApiError, placesOf } from '@tollgate/platform';
import type { z } from 'zod';
import type { VerifiedClient } from '../ca/verify-client.ts';

/** The data plane at the other end, as its certificate names it. */
export type LinkPeer = Pick<VerifiedClient, 'poolId' | 'dataPlaneId' | 'serial' | 'notAfter'>;

/** One request on the link. */
export interface LinkExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
}

/** @throws ApiError `link.protocol_unsupported` */
export function checkProtocol({ headers }: IncomingMessage): number {
  const version = Number(headers[linkProtocolHeader] ?? 1);
  if (supportedLinkProtocols.includes(version)) return version;
  const detail = `This control plane serves the versions ${supportedLinkProtocols.join(', ')}.`;
  throw new ApiError(linkErrors.protocolUnsupported, { detail });
}

/**
 * Reads and checks a JSON body.
 * @throws ApiError `request.too_large`, `request.malformed`, `request.invalid`
 */
export async function readJson<S extends z.ZodType>(
  request: IncomingMessage,
  schema: S,
  limitBytes: number,
): Promise<{ value: z.output<S>; raw: Buffer }> {
  const raw = await readBody(request, limitBytes);
  const parsed = schema.safeParse(parseJson(raw));
  if (!parsed.success) throw new ApiError(commonErrors.invalid, { errors: placesOf(parsed.error) });
  return { value: parsed.data, raw };
}

async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw new ApiError(commonErrors.tooLarge);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) throw new ApiError(commonErrors.tooLarge);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch (cause) {
    throw new ApiError(commonErrors.malformed, { cause });
  }
}
