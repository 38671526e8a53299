const PARENT_CHECK_MS = 500;

/**
 * Settles when this process is asked to stop: Ctrl-C, SIGTERM, a closed terminal, or, when npm runs it, npm's own death.
 * A second Ctrl-C ends at once; the children notice that their parent is gone and end by themselves.
 */
export function stopRequest({ endWithParent }: { endWithParent: boolean }): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(signal));
  void promise.then(() => process.once('SIGINT', () => process.exit(130)));
  if (endWithParent) watchParent(() => resolve('the end of npm'));
  return promise;
}

function watchParent(onEnd: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) onEnd();
  }, PARENT_CHECK_MS).unref();
}
