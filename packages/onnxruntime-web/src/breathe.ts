interface Port {
  addEventListener(type: 'message', listener: () => void): void;
  start(): void;
  postMessage(message: null): void;
  close(): void;
}
declare const MessageChannel: new () => { readonly port1: Port; readonly port2: Port };

/** Runs at the next turn of the event loop, after messages, timers and input that are waiting; a timer of 0 would cost 4 ms in a page. */
const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });

/** How long training may keep the event loop to itself, ms. Only when something waits is decided by the clock, never what is computed. */
export const maxHold = 30;

/** Returns a function that gives the event loop a turn whenever it has been held for too long. */
export function createBreathing(): () => Promise<void> {
  let last = Date.now();
  return async () => {
    if (Date.now() - last < maxHold) return;
    await nextTurn();
    last = Date.now();
  };
}
