import { type TryOutcome, tryRequest } from '@tollgate/contracts/dataplane';
import { describe, expect, it } from 'vitest';
import { OpenTrials, type TryingWorker } from './open-trials.ts';

const options = { groupId: 'g1', request: tryRequest.parse({}) };
const outcome: TryOutcome = { outcome: 'failed', reason: 'not-served', detail: 'unknown' };

function worker(id = 1): TryingWorker & { readonly asked: string[] } {
  const asked: string[] = [];
  return { id, asked, tell: ({ tryId }) => void asked.push(tryId) };
}

describe('tries of workers', () => {
  it('end with what the worker says', async () => {
    const trials = new OpenTrials();
    const one = worker();
    const running = trials.run(one, options);
    trials.settle(one.asked[0] ?? '', outcome);
    expect(await running).toEqual(outcome);
  });

  it('end when their worker does, and those of others go on', async () => {
    const trials = new OpenTrials();
    const [one, two] = [worker(1), worker(2)];
    const [first, second] = [trials.run(one, options), trials.run(two, options)];
    trials.workerEnded(1);
    expect(await first).toMatchObject({ outcome: 'failed', reason: 'broken' });
    trials.settle(two.asked[0] ?? '', outcome);
    expect(await second).toEqual(outcome);
  });

  it('end in time though nobody says anything', async () => {
    expect(await new OpenTrials(5).run(worker(), options)).toMatchObject({ outcome: 'failed', reason: 'broken' });
  });

  it('are refused where no worker serves, and beyond sixteen at a time', async () => {
    const trials = new OpenTrials(50);
    expect(await trials.run(undefined, options)).toMatchObject({ reason: 'busy' });
    const running = Array.from({ length: 16 }, () => trials.run(worker(), options));
    expect(await trials.run(worker(), options)).toMatchObject({ reason: 'busy' });
    await Promise.all(running);
  });
});
