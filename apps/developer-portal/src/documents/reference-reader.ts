import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import { ApiError } from '@tollgate/platform';
import { Turns } from '../shared/turns.ts';
import { type ReadReference, readReference } from './read-reference.ts';

/** Reads documents two at a time: each may take a processor and 256 MiB, and many uploads at once shall cost their senders time only. */
@Injectable()
export class ReferenceReader {
  readonly #turns = new Turns({ atOnce: 2, waiting: 20 });

  /** @throws ApiError as `readReference` does, and `internal.unavailable` when too many wait already. */
  read(text: string): Promise<ReadReference> {
    return this.#turns.run(
      () => readReference(text),
      () => {
        const detail = 'Many documents are being read at present; try again in a moment.';
        throw new ApiError(commonErrors.unavailable, { detail });
      },
    );
  }
}
