/** The device that a framework's name alone means. */
const defaultDevices: Readonly<Record<string, string>> = { tfjs: 'wasm', 'onnxruntime-web': 'wasm' };

/**
 * The one name of a backend: `<framework>-<device>`, the framework's default device left out. `tfjs-wasm` is `tfjs`.
 */
export function backendName(name: string): string {
  for (const [framework, device] of Object.entries(defaultDevices))
    if (name === `${framework}-${device}`) return framework;
  return name;
}
