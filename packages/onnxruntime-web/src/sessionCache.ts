/** Keeps what was opened last, by key; what falls out is released. */
export class SessionCache<Session extends { release(): Promise<void> }> {
  readonly #limit: number;
  readonly #entries = new Map<string, Session>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  async get(key: string, open: () => Promise<Session>): Promise<Session> {
    const session = this.#entries.get(key) ?? (await open());
    // Set again, so that the first entry is the one unused for longest.
    this.#entries.delete(key);
    this.#entries.set(key, session);
    if (this.#entries.size > this.#limit) {
      const [oldest, unused] = this.#entries.entries().next().value as [string, Session];
      this.#entries.delete(oldest);
      await unused.release();
    }
    return session;
  }

  async clear(): Promise<void> {
    const sessions = [...this.#entries.values()];
    this.#entries.clear();
    for (const session of sessions) await session.release();
  }
}
