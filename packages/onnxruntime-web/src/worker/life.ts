/** The part of the Web Locks API that is used; absent in older Node, and in pages that are neither served over https nor from localhost. */
interface Locks {
  request(name: string, held: () => unknown): Promise<unknown>;
}

const locks = (): Locks | undefined =>
  (globalThis as { readonly navigator?: { readonly locks?: Locks } }).navigator?.locks;

/** Holds a lock for as long as this thread lives; resolves once it does. */
export const holdForLife = (name: string): Promise<void> =>
  new Promise((resolve) => {
    const held = (): Promise<never> => {
      resolve();
      return new Promise(() => {});
    };
    if (locks()?.request(name, held) === undefined) resolve();
  });

/** Calls back when the thread that holds the lock has ended: nothing else in a page tells that a worker is gone. */
export const whenReleased = (name: string, ended: () => void): void => void locks()?.request(name, ended);
