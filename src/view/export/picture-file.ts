/** What pages and the extension send each other about the picture of a panel as a file. */
import type { PanelName } from '../panels.ts';

/** A file of a picture, such as `cluster-step-12.svg`. The others stand beside the first. */
export interface PictureFile {
  name: string;
  content: { type: 'text'; text: string } | { type: 'base64'; bytes: string };
}

/** In which form a picture leaves a panel. */
export type PictureFormat = 'svg' | 'png' | 'mermaid' | 'markdown';

/** To a panel: export its picture, as its own menu does. The extension sends this. */
export interface ExportRequest {
  type: 'export';
  panel: PanelName;
  format: PictureFormat;
}
