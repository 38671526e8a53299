import { z } from 'zod';

/** An answer that is a file instead of JSON. */
export interface FileAnswer {
  /** One of the endpoint’s `file`. */
  readonly contentType: string;
  readonly content: string | Uint8Array;
  /** Name under which browsers save it; left out where they show it. Printable ASCII without quotes. */
  readonly downloadAs?: string;
  /** Its address never names other content: caches keep it for ever. */
  readonly isImmutable?: boolean;
}

/** Response of an endpoint that answers with a file. */
export const fileAnswer = z.custom<FileAnswer>();
