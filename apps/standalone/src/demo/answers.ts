/** Body of an answer that has one. */
export async function dataOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  if (data === undefined) throw new Error('an answer has no body');
  return data;
}

/** What the services tell each other by events takes a moment to show. */
export async function eventually<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await attempt();
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not show up`);
}
