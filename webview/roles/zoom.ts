/** Enlarges the diagram: at 1 it fits its room, as far as its text can be read. */

import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { bar } from '../../src/view/panel-words/legend.ts';

const step = 1.4;
const most = 8;

export class Zoom {
  /** Of the size that fits. */
  private factor = 1;

  constructor(
    private readonly changed: () => void,
    /** What is scrolled, and the picture in it. */
    private readonly room: () => HTMLElement | null,
    private readonly picture: () => SVGSVGElement | undefined,
  ) {}

  buttons(): TemplateResult {
    const percent = `${Math.round(this.factor * 100)} %`;
    const act = (label: string, sign: string, run: () => void) =>
      html`<button class="zoom" title=${label} aria-label=${label} @click=${run}>${sign}</button>`;
    return html`<span class="zooms">
      ${act(bar.zoomOut, '−', () => this.by(1 / step))}
      ${act(`${percent}: ${bar.showAll}`, percent, () => this.to(1))}
      ${act(bar.zoomIn, '+', () => this.by(step))}
    </span>`;
  }

  /** Whether a key is one of zooming. */
  press(key: string): boolean {
    if (key === '+' || key === '=') this.by(step);
    else if (key === '-' || key === '−') this.by(1 / step);
    else if (key === '0') this.to(1);
    else return false;
    return true;
  }

  wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.by(Math.exp(-event.deltaY / 300));
  }

  /** Gives a picture, which may be new, its size. What is in the middle stays there. */
  apply(): void {
    const [room, picture] = [this.room(), this.picture()];
    if (!room || !picture) return;
    const { style } = picture;
    const { width: before } = picture.getBoundingClientRect();
    const middle = {
      x: room.scrollLeft + room.clientWidth / 2,
      y: room.scrollTop + room.clientHeight / 2,
    };
    for (const name of ['width', 'height', 'max-width', 'max-height']) style.removeProperty(name);
    const { width, height } = picture.getBoundingClientRect();
    if (this.factor > 1) {
      const size = { width: width * this.factor, height: height * this.factor };
      Object.assign(style, {
        width: `${size.width}px`, height: `${size.height}px`, maxWidth: 'none', maxHeight: 'none',
      });
    }
    const scale = before > 0 ? picture.getBoundingClientRect().width / before : 1;
    if (Math.abs(scale - 1) < 0.001) return;
    room.scrollLeft = middle.x * scale - room.clientWidth / 2;
    room.scrollTop = middle.y * scale - room.clientHeight / 2;
  }

  private by(factor: number): void {
    this.to(this.factor * factor);
  }

  private to(factor: number): void {
    const wanted = Math.min(most, Math.max(1, factor));
    this.factor = wanted < 1.01 ? 1 : wanted;
    this.apply();
    this.changed();
  }
}
