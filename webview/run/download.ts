/** Saves pictures of an exported run as the browser saves files: there is no editor to ask. */

import type { PictureFile } from '../../src/view/export/picture-file.ts';

export function downloadFiles(files: readonly PictureFile[]): void {
  for (const { name, content } of files) {
    const bytes = content.type === 'text'
      ? content.text
      : Uint8Array.from(atob(content.bytes), (letter) => letter.codePointAt(0)!);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes]));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
