/** The form of the diagram that suits its room: its direction, and how much its labels say. */

import { rolesToMermaid, type Wording } from '../../src/view/roles/roles-mermaid.ts';
import type { RolesView } from '../../src/view/roles/roles-view.ts';
import { type Font, renderMermaid, type Spacing } from '../ui/mermaid.ts';
import { spreadLabels } from './spread.ts';

export interface Room {
  width: number;
  height: number;
}

interface Form {
  isWide: boolean;
  /** If not whole, labels of transitions that were never taken are left to their tooltips. */
  wording: Wording;
  spacing: Spacing;
}

export interface Drawn {
  svg: SVGSVGElement;
  /** Tells pictures apart that are drawn differently. */
  text: string;
  isBrief: boolean;
}

/** In CSS pixels of the page: smaller text is hard to read. */
export const leastText = 10;

/** So many times as wide as it is high, a room is low. */
const wideFrom = 2.2;
const smallBelow = { width: 620, height: 420 };

/** The scale at which a whole picture is in a room; it is never enlarged by itself. */
export function scaleIn({ width, height }: Room, svg: SVGSVGElement): number {
  const { width: wide, height: high } = svg.viewBox.baseVal;
  return Math.max(0.01, Math.min(1, width / wide, height / high));
}

/**
 * Draws a view, and remembers which form suited its states in a room of this size. How a form is
 * drawn does not depend on the room, so each is drawn once for a view, however often its room
 * changes while a border is dragged.
 */
export class FormedDrawing {
  private chosen: { key: string; form: Form; isReadable: boolean } | undefined;
  private view: RolesView | undefined;
  /** By their texts: all forms of the view, and the last one of the view before. */
  private kept = new Map<string, Drawn>();
  private last: Drawn | undefined;

  /** The same object as the last one if the picture would be the same. */
  async draw(view: RolesView, room: Room, font: Font): Promise<Drawn> {
    if (view !== this.view) this.kept = new Map(this.last ? [[this.last.text, this.last]] : []);
    this.view = view;
    return (this.last = await this.suiting(view, room, font));
  }

  private async suiting(view: RolesView, room: Room, font: Font): Promise<Drawn> {
    const key = keyOf(view, room);
    if (this.chosen?.key === key) {
      const drawn = await this.drawn(view, this.chosen.form, font);
      if (!this.chosen.isReadable || isReadable(drawn, room, font)) return drawn;
    }
    return this.choose(view, room, font, key);
  }

  /** The first form in which the whole can be read, or else the one with the largest text. */
  private async choose(view: RolesView, room: Room, font: Font, key: string): Promise<Drawn> {
    let best: { drawn: Drawn; form: Form; scale: number } | undefined;
    for (const form of formsFor(room)) {
      const drawn = await this.drawn(view, form, font);
      const scale = scaleIn(room, drawn.svg);
      if (!best || scale > best.scale * 1.02) best = { drawn, form, scale };
      if (isReadable(drawn, room, font)) break;
    }
    const { drawn, form } = best!;
    this.chosen = { key, form, isReadable: isReadable(drawn, room, font) };
    return drawn;
  }

  private async drawn(view: RolesView, form: Form, font: Font): Promise<Drawn> {
    const { isWide, wording, spacing } = form;
    const whole = rolesToMermaid(view, wording);
    const mermaid = isWide ? whole.replace('\n', '\n    direction LR\n') : whole;
    const text = `${font.size} ${font.family} ${spacing}\n${mermaid}`;
    const kept = this.kept.get(text);
    if (kept) return kept;
    const svg = await renderMermaid(mermaid, { ...font, spacing }, spreadLabels);
    const drawn = { svg, text, isBrief: wording !== 'whole' };
    this.kept.set(text, drawn);
    return drawn;
  }
}

function isReadable({ svg }: Drawn, room: Room, { size }: Font): boolean {
  return scaleIn(room, svg) * size >= leastText;
}

/** A form is chosen anew in another room, and for other states or transitions. */
function keyOf({ role, states, transitions }: RolesView, { width, height }: Room): string {
  const ways = transitions.map(({ from, to }) => [from, to]);
  return JSON.stringify([role, states.map(({ standing }) => standing), ways, width, height]);
}

/** A low room has more use for a picture from left to right, a small one for what is close. */
function formsFor(room: Room): Form[] {
  const isWide = room.width > wideFrom * room.height;
  const isSmall = room.width < smallBelow.width || room.height < smallBelow.height;
  const usual: Form = { isWide, wording: 'whole', spacing: isSmall ? 'tight' : 'roomy' };
  const close = { wording: 'brief', spacing: 'close' } as const;
  return [
    usual,
    { ...usual, spacing: 'close' },
    { ...usual, isWide: !isWide, spacing: 'close' },
    { ...close, isWide },
    { ...close, isWide: !isWide },
    { wording: 'narrow', spacing: 'close', isWide },
    { wording: 'narrow', spacing: 'close', isWide: !isWide },
  ];
}
