/** The page's WebGPU adapter; undefined or null where it has none. */
export const webgpuAdapter: unknown = await (
  globalThis as unknown as { navigator: { gpu?: { requestAdapter(): Promise<unknown> } } }
).navigator.gpu?.requestAdapter();
