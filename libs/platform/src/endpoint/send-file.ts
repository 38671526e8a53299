import type { FileAnswer } from '@tollgate/contracts/rest';
import type { FastifyReply } from 'fastify';

/** Sets the headers of a file, which browsers take for nothing but what it is said to be, and returns its content. */
export function fileContent(reply: FastifyReply, file: FileAnswer): string | Buffer {
  const { contentType, content, downloadAs, isImmutable = false } = file;
  void reply
    .type(contentType)
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox");
  if (downloadAs !== undefined) void reply.header('content-disposition', `attachment; filename="${downloadAs}"`);
  if (isImmutable) void reply.header('cache-control', 'public, max-age=31536000, immutable');
  return typeof content === 'string' ? content : Buffer.from(content);
}
