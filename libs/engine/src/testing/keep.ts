import { onTestFinished } from 'vitest';

/** Something that runs until it is stopped. */
export interface Running {
  stop(): Promise<unknown> | void;
}

/** Stops what a test has started once the test is over, the last started first. */
export async function keep<T extends Running>(starting: T | Promise<T>): Promise<T> {
  const running = await starting;
  onTestFinished(async () => void (await running.stop()));
  return running;
}
