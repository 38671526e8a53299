import type { DiffCase } from './diff-case.ts';

/** How much may be tried. */
export interface MinimiseBounds {
  readonly mostTries: number;
}

/**
 * Makes a case smaller as long as `stillShows` says that it shows the same: first without cuts, then with fewer bytes, in pieces that are
 * halved from the half of the case down to one byte (delta debugging).
 */
export async function minimise(
  found: DiffCase,
  stillShows: (candidate: DiffCase) => Promise<boolean>,
  { mostTries }: MinimiseBounds,
): Promise<DiffCase> {
  let best = found;
  let tries = 0;
  const keep = async (candidate: DiffCase): Promise<boolean> => {
    if (tries >= mostTries || !(await count(candidate))) return false;
    best = candidate;
    return true;
  };
  const count = (candidate: DiffCase): Promise<boolean> => {
    tries += 1;
    return stillShows(candidate);
  };
  if (best.cuts.length > 0) await keep({ bytes: best.bytes, cuts: [] });
  for (let size = Math.ceil(best.bytes.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.bytes.length && tries < mostTries;) {
      if (!(await keep(without(best, at, size)))) at += size;
    }
  }
  return best;
}

function without({ bytes, cuts }: DiffCase, at: number, size: number): DiffCase {
  const end = Math.min(at + size, bytes.length);
  const moved = cuts.map((cut) => (cut <= at ? cut : Math.max(at, cut - (end - at))));
  return {
    bytes: Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]),
    cuts: [...new Set(moved)].filter((cut) => cut > 0 && cut < bytes.length - (end - at)),
  };
}
