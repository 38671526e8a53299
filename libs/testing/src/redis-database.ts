/** Address of another database of the same Redis server, so that a suite shares no keys with suites that run beside it. */
export function redisDatabase(url: string, database: number): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}
