/** Makes a picture of a panel in each format, and copies it or has it saved. */

import type { Moment } from '../../../src/view/contract.ts';
import type { PictureFile, PictureFormat } from '../../../src/view/export/picture-file.ts';
import { type Described, markdownOf, type Table } from '../../../src/view/export/markdown.ts';
import {
  copiedText, copiedWithLink, fileName, labels, notCopiedText, notExported, pictureTitle,
  scaledText,
} from '../../../src/view/panel-words/export.ts';
import type { PanelName } from '../../../src/view/panels.ts';
import { saveFiles } from '../host.ts';
import { copyImage, copyText } from './clipboard.ts';
import { pngFile } from './png-file.ts';
import { svgFile } from './svg-file.ts';
import type { SvgFile } from './svg-file.ts';

/** What a panel shows now, for export. */
export interface Exported {
  readonly panel: PanelName;
  readonly moment: Moment;
  /** Calls `use` with the pictures, from top to bottom, while they are in the page. */
  withPictures<Result>(use: (pictures: readonly SVGSVGElement[]) => Result): Promise<Result>;
  /** The text alternative, a line each. */
  readonly lines: readonly string[];
  readonly tables: readonly Table[];
  /** The picture in Mermaid's language; undefined if it has no such form. */
  readonly mermaid: string | undefined;
  /** Whether Mermaid draws the picture in the panel, too, so that both look alike. */
  readonly isOfMermaid: boolean;
}

type Made = Readonly<{
  files: PictureFile[];
  /** The first file, for the clipboard. */
  copied: { type: 'text'; text: string } | { type: 'image'; bytes: Blob };
  /** What the user must know; empty if nothing. */
  note: string;
}>;

/** Returns what became of it, for the user. */
export async function copyPicture(exported: Exported, format: PictureFormat): Promise<string> {
  return attempt(format, async () => {
    const { copied, files, note } = await made(exported, format);
    const { type } = copied;
    const isCopied = type === 'text' ? await copyText(copied.text) : await copyImage(copied.bytes);
    if (!isCopied) return type === 'image' ? labels.imageNotCopied : notCopiedText(format);
    const linked = files[1]?.name;
    return [linked ? copiedWithLink(linked) : copiedText(format), note].filter(Boolean).join('. ');
  });
}

/** Returns what the user must know; empty if nothing: the editor asks where to save. */
export async function savePicture(exported: Exported, format: PictureFormat): Promise<string> {
  return attempt(format, async () => {
    const { files, note } = await made(exported, format);
    saveFiles(files);
    return note;
  });
}

async function attempt(format: PictureFormat, act: () => Promise<string>): Promise<string> {
  try {
    return await act();
  } catch (error) {
    return notExported(format, error instanceof Error ? error.message : String(error));
  }
}

async function made(exported: Exported, format: PictureFormat): Promise<Made> {
  const { panel, moment } = exported;
  const name = fileName(panel, format, moment);
  switch (format) {
    case 'svg':
      return ofText(name, (await svgOf(exported)).text);
    case 'png': {
      const { bytes, scale } = await pngFile(await svgOf(exported));
      const content = { type: 'base64' as const, bytes: await base64(bytes) };
      const note = scale < 2 ? scaledText(scale) : '';
      return { files: [{ name, content }], copied: { type: 'image', bytes }, note };
    }
    case 'mermaid':
      if (exported.mermaid === undefined) throw new Error(labels.noMermaid);
      return ofText(name, exported.mermaid);
    case 'markdown':
      return markdownFiles(exported, name);
  }
}

async function markdownFiles(exported: Exported, name: string): Promise<Made> {
  const { panel, moment, lines, tables, mermaid, isOfMermaid } = exported;
  const title = pictureTitle(panel, moment);
  const textWith = (picture: Described['picture']) =>
    ofText(name, markdownOf({ title, moment, lines, tables, picture }));
  if (mermaid !== undefined && isOfMermaid) return textWith({ type: 'mermaid', text: mermaid });
  const isDrawn = await exported.withPictures((pictures) => pictures.length > 0);
  if (!isDrawn) return textWith({ type: 'none' });
  const linked = fileName(panel, 'svg', moment);
  const whole = textWith({ type: 'file', name: linked });
  const files = [...whole.files, ...ofText(linked, (await svgOf(exported)).text).files];
  return { ...whole, files };
}

function ofText(name: string, text: string): Made {
  const content = { type: 'text' as const, text };
  return { files: [{ name, content }], copied: content, note: '' };
}

function svgOf({ panel, moment, lines, withPictures }: Exported): Promise<SvgFile> {
  return withPictures((pictures) => {
    if (pictures.length === 0) throw new Error(labels.noPicture);
    return svgFile(pictures, { title: pictureTitle(panel, moment), description: lines });
  });
}

async function base64(bytes: Blob): Promise<string> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result)));
    reader.addEventListener('error', () => reject(new Error('the image could not be read')));
    reader.readAsDataURL(bytes);
  });
  return url.slice(url.indexOf(',') + 1);
}
