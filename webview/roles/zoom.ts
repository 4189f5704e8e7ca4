/** The size of the diagram: by itself it fits its room, as long as its text can be read. */

import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { bar } from '../../src/view/panel-words/legend.ts';
import { labels } from '../../src/view/panel-words/roles.ts';
import { centreSign } from '../ui/centre-sign.ts';
import { leastText, type Room, scaleIn } from './form.ts';

const step = 1.4;
const most = 8;

export class Zoom {
  /** Of the size that fits; undefined: that size, or the least in which text can be read. */
  private chosen: number | undefined;

  constructor(
    private readonly changed: () => void,
    /** What is scrolled, and the picture in it. */
    private readonly room: () => HTMLElement | null,
    private readonly picture: () => SVGSVGElement | undefined,
    /** What is centred, in the picture. */
    private readonly centred: () => Element | undefined,
  ) {}

  buttons(): TemplateResult {
    const percent = `${Math.round(this.factor * 100)} %`;
    const act = (label: string, sign: unknown, run: () => void, kind = '') =>
      html`<button class="zoom ${kind}" title=${label} aria-label=${label} @click=${run}
        >${sign}</button>`;
    return html`<span class="zooms">
      ${act(bar.zoomOut, '−', () => this.by(1 / step), 'by')}
      ${act(`${percent}: ${bar.showAll}`, percent, () => this.to(1))}
      ${act(bar.zoomIn, '+', () => this.by(step), 'by')}
      ${act(labels.centre, centreSign, () => this.centre(), 'latest')}
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
    if (this.factor > 1) {
      const { width, height } = picture.viewBox.baseVal;
      const scale = this.fitting * this.factor;
      Object.assign(style, {
        width: `${width * scale}px`, height: `${height * scale}px`,
        maxWidth: 'none', maxHeight: 'none',
      });
    }
    const scale = before > 0 ? picture.getBoundingClientRect().width / before : 1;
    if (Math.abs(scale - 1) < 0.001) return;
    room.scrollLeft = middle.x * scale - room.clientWidth / 2;
    room.scrollTop = middle.y * scale - room.clientHeight / 2;
  }

  private get factor(): number {
    return this.chosen ?? Math.max(1, this.readable);
  }

  /** The factor at which text can be read. */
  private get readable(): number {
    const picture = this.picture();
    if (!picture) return 1;
    const font = parseFloat(getComputedStyle(picture).fontSize);
    return leastText / Math.max(1, font * this.fitting);
  }

  /** The scale at which the whole picture is in its room; never enlarged by itself. */
  private get fitting(): number {
    const picture = this.picture();
    return picture ? scaleIn(this.free, picture) : 1;
  }

  /** The size of the room within its padding. */
  get free(): Room {
    const room = this.room();
    if (!room) return { width: 1, height: 1 };
    const { paddingLeft, paddingTop } = getComputedStyle(room);
    return {
      width: Math.max(1, room.clientWidth - 2 * parseFloat(paddingLeft)),
      height: Math.max(1, room.clientHeight - 2 * parseFloat(paddingTop)),
    };
  }

  /** Which of these are not in the room, at least for the most part. */
  hidden(boxes: readonly (Element | null | undefined)[]): boolean[] {
    const seen = this.room()?.getBoundingClientRect();
    return boxes.map((box) => {
      if (!seen || !box) return false;
      const { x, y, width, height } = box.getBoundingClientRect();
      const [across, down] = [x + width / 2, y + height / 2];
      return across < seen.left || across > seen.right || down < seen.top || down > seen.bottom;
    });
  }

  /** Large enough to read, with what happened last in the middle. */
  private centre(): void {
    const [room, picture] = [this.room(), this.picture()];
    if (!room || !picture) return;
    this.to(Math.max(this.factor, this.readable));
    this.reveal();
  }

  /** Puts what happened last in the middle, as far as the picture is larger than its room. */
  reveal(): void {
    const [room, picture] = [this.room(), this.picture()];
    if (!room || !picture) return;
    const seen = room.getBoundingClientRect();
    const box = (this.centred() ?? picture).getBoundingClientRect();
    room.scrollLeft += box.x + box.width / 2 - (seen.x + seen.width / 2);
    room.scrollTop += box.y + box.height / 2 - (seen.y + seen.height / 2);
  }

  private by(factor: number): void {
    this.to(this.factor * factor);
  }

  private to(factor: number): void {
    const wanted = Math.min(most, Math.max(1, factor));
    this.chosen = wanted < 1.01 ? 1 : wanted;
    this.apply();
    this.changed();
  }
}
