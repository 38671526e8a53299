interface ProblemLike {
  code?: unknown;
  title?: unknown;
  detail?: unknown;
  requestId?: unknown;
  errors?: unknown;
}

/** A place in the request that the server refused. */
export interface RefusedPlace {
  /** JSON Pointer. */
  pointer: string;
  message: string;
}

/** An answer outside 2xx, with what its problem document says. */
export class TollgateError extends Error {
  override readonly name = 'TollgateError';

  private constructor(
    message: string,
    /** HTTP status. */
    readonly status: number,
    /** Stable code of the error reference, or `unknown` when the answer was no problem document. */
    readonly code: string,
    readonly requestId: string | undefined,
    readonly places: readonly RefusedPlace[],
    /** Title and detail on one line, without the places. */
    readonly summary: string,
    /** What the service says of this case beyond the title, as a sentence; in the language that was asked for. */
    readonly detail: string | undefined,
    /** How long to wait before trying again, where the answer says so. */
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(message);
  }

  /** Reads a failed response; never throws itself. */
  static async from(response: Response): Promise<TollgateError> {
    const body = (await response.json().catch(() => ({}))) as ProblemLike;
    const places = Array.isArray(body.errors) ? (body.errors as RefusedPlace[]) : [];
    const title = typeof body.title === 'string' ? body.title : `HTTP ${response.status}`;
    const detail = typeof body.detail === 'string' ? body.detail : undefined;
    const told = detail === undefined ? title : `${title}: ${detail}`;
    const listed = places.map((place) => `\n  ${place.pointer || '/'}: ${place.message}`).join('');
    return new TollgateError(
      `${told}${listed}`,
      response.status,
      typeof body.code === 'string' ? body.code : 'unknown',
      typeof body.requestId === 'string' ? body.requestId : undefined,
      places,
      told,
      detail,
      retryAfterOf(response),
    );
  }
}

function retryAfterOf(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
