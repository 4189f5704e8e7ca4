/** Puts the scene on the canvas, at the pixels of the screen, at most once for each frame. */

import { CanvasInk } from './draw/canvas-ink.ts';
import type { Font } from './draw/canvas-ink.ts';
import type { Palette } from './draw/ink.ts';
import { drawStrip, drawWindow } from './draw/overview.ts';
import { drawPicture } from './draw/picture.ts';
import { SvgInk } from './draw/svg-ink.ts';
import { fontAt, paletteAt } from './palette.ts';
import type { Scene } from './scene.ts';

export class Pictures {
  private look: { readonly palette: Palette; readonly font: Font } | undefined;
  private ink: { readonly of: CanvasInk; readonly ratio: number } | undefined;
  private strip: { readonly image: HTMLCanvasElement; readonly key: string } | undefined;

  constructor(private readonly host: HTMLElement) {}

  /** The theme has changed. */
  forget(): void {
    this.look = undefined;
    this.ink = undefined;
    this.strip = undefined;
  }

  get font(): Font {
    return this.looks.font;
  }

  private get looks(): { readonly palette: Palette; readonly font: Font } {
    return (this.look ??= { palette: paletteAt(this.host), font: fontAt(this.host) });
  }

  /** `stripKey` changes with what the overview shows. */
  draw(canvas: HTMLCanvasElement, scene: Scene, stripKey: string): void {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = scene.layout;
    const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
      canvas.width = pixelWidth;
      canvas.height = pixelHeight;
    }
    const ink = this.inkOf(canvas, ratio);
    if (ink === undefined) return;
    const { context } = ink;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    ink.fill(0, 0, width, height, { colour: 'paper' });
    drawPicture(ink, scene);
    this.drawOverview(ink, scene, ratio, `${stripKey} ${width}x${height}@${ratio}`);
  }

  widthOf(text: string): number {
    const context = document.createElement('canvas').getContext('2d')!;
    const ink = new CanvasInk(context, this.looks.palette, this.looks.font);
    return ink.widthOf(text, { bold: true });
  }

  svg(scene: Scene, title: string): string {
    const { palette, font } = this.looks;
    const context = document.createElement('canvas').getContext('2d')!;
    const measuring = new CanvasInk(context, palette, font);
    const ink = new SvgInk(palette, font, (text, style) => measuring.widthOf(text, style));
    drawPicture(ink, scene);
    if (scene.layout.overview.height > 0) {
      drawStrip(ink, scene);
      drawWindow(ink, scene);
    }
    return ink.svg(scene.layout.width, scene.layout.height, title);
  }

  private inkOf(canvas: HTMLCanvasElement, ratio: number): CanvasInk | undefined {
    const known = this.ink;
    if (known?.ratio === ratio && known.of.context.canvas === canvas) return known.of;
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) return undefined;
    const of = new CanvasInk(context, this.looks.palette, this.looks.font);
    this.ink = { of, ratio };
    return of;
  }

  /** The strip has the whole run in it, so it is kept as an image. */
  private drawOverview(ink: CanvasInk, scene: Scene, ratio: number, key: string): void {
    const { overview } = scene.layout;
    if (overview.height === 0) return;
    if (this.strip?.key !== key) {
      const image = document.createElement('canvas');
      image.width = Math.max(1, Math.round(overview.width * ratio));
      image.height = Math.max(1, Math.round(overview.height * ratio));
      const context = image.getContext('2d');
      if (!context) return;
      context.setTransform(ratio, 0, 0, ratio, -overview.x * ratio, -overview.y * ratio);
      drawStrip(new CanvasInk(context, this.looks.palette, this.looks.font), scene);
      this.strip = { image, key };
    }
    const { x, y, width, height } = overview;
    ink.context.drawImage(this.strip.image, x, y, width, height);
    drawWindow(ink, scene);
  }
}
