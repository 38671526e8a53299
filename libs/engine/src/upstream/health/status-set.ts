/** HTTP statuses as a table: looking one up costs an index. */
export class StatusSet {
  readonly #has = new Uint8Array(1000);

  constructor(statuses: readonly number[]) {
    for (const status of statuses) this.#has[status] = 1;
  }

  has(status: number): boolean {
    return this.#has[status] === 1;
  }
}
