/** The device that a framework's name alone means. */
const defaultDevices: Readonly<Record<string, string>> = { tfjs: 'wasm', 'onnxruntime-web': 'wasm' };

/** The name of a framework on a device, as everything that is written has it. */
export const nameOf = (framework: string, device: string): string => `${framework}-${device}`;

/** The one name of a backend, however it is asked for: `tfjs` is `tfjs-wasm`. */
export function backendName(name: string): string {
  return Object.hasOwn(defaultDevices, name) ? nameOf(name, defaultDevices[name]!) : name;
}
