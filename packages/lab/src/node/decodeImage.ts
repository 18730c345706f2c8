import type { Pixels } from '../data/own/imageTensor.ts';
import { refuseField } from '../data/own/place.ts';

const isPng = (bytes: Uint8Array): boolean => bytes[0] === 0x89 && bytes[1] === 0x50;
const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;

/** Decodes a PNG or JPEG file, whatever its name says. What decodes them is loaded where there is an image. */
export async function decodeImage(bytes: Uint8Array, file: string): Promise<Pixels> {
  try {
    if (isPng(bytes)) {
      const { PNG } = await import('pngjs');
      const { width, height, data } = PNG.sync.read(Buffer.from(bytes));
      return { width, height, rgba: data };
    }
    if (isJpeg(bytes)) {
      const { default: jpeg } = await import('jpeg-js');
      const { width, height, data } = jpeg.decode(bytes, { useTArray: true });
      return { width, height, rgba: data };
    }
  } catch (cause) {
    return refuseField(
      { file },
      'the image',
      `cannot be decoded: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  return refuseField({ file }, 'the image', 'must be a PNG or JPEG file; its first bytes are of neither');
}
