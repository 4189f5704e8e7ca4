/** The forms in which a picture leaves a panel, in the order of the menu. */
import type { PictureFormat } from './picture-file.ts';

export const pictureFormats: readonly PictureFormat[] = ['svg', 'png', 'mermaid', 'markdown'];
