/** The device that a framework's name alone means. */
const defaultDevices: Readonly<Record<string, string>> = { tfjs: 'wasm', 'onnxruntime-web': 'wasm' };

/** The name of a framework on a device: the framework's alone where it is its default device, else `<framework>-<device>`. */
export const nameOf = (framework: string, device: string): string =>
  defaultDevices[framework] === device ? framework : `${framework}-${device}`;

/** The one name of a backend, however it is written: `tfjs-wasm` is `tfjs`. */
export function backendName(name: string): string {
  const framework = Object.keys(defaultDevices).find((word) => name === `${word}-${defaultDevices[word]}`);
  return framework ?? name;
}
