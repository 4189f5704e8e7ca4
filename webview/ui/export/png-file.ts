/** The picture as PNG, at twice its size: the browser draws the SVG file on a canvas. */

import type { SvgFile } from './svg-file.ts';

const scaleWanted = 2;
/** Browsers refuse canvases with longer sides, and those with more pixels. */
const sideMax = 16_000;
const pixelsMax = 120_000_000;

export interface PngFile {
  readonly bytes: Blob;
  /** 2, or less for a picture that is too large for that. */
  readonly scale: number;
}

export async function pngFile({ text, width, height }: SvgFile): Promise<PngFile> {
  const scale = Math.min(
    scaleWanted,
    sideMax / Math.max(width, height),
    Math.sqrt(pixelsMax / (width * height)),
  );
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.floor(width * scale));
  canvas.height = Math.max(1, Math.floor(height * scale));
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const bytes = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!bytes) throw new Error('the browser could not write the image');
  return { bytes, scale };
}
