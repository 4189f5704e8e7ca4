/** The participants above the diagram: they stay visible while it scrolls. */

import type { Participant } from '../../src/view/sequence/sequence-view.ts';
import type { Layout } from './columns.ts';
import { each, setAll, setText, svgElement } from './svg.ts';

const lineHeight = 1.25;

export class Names {
  readonly svg = svgElement('svg', { class: 'participants' });
  /** The box of each column, from left to right. */
  get boxes(): SVGRectElement[] {
    return [...this.svg.querySelectorAll<SVGRectElement>('rect.actor')];
  }

  show(
    participants: readonly Participant[],
    layout: Layout,
    look: { size: number; letter: number; isCompact: boolean; actor: string | undefined },
  ): void {
    const { nodes, centres, box, width } = layout;
    const byId = new Map(participants.map((participant) => [participant.id, participant]));
    const room = Math.floor((box - 6) / look.letter);
    const columns = nodes.map((id) => linesOf(byId.get(id) ?? { id, about: [] }, room));
    const lines = Math.max(1, ...columns.map(({ length }) => length));
    const step = look.size * lineHeight;
    const height = Math.ceil(lines * step) + 6;
    setAll(this.svg, { width, height: height + 2, viewBox: `0 0 ${width} ${height + 2}` });
    each(this.svg, 'g', columns, (group, column) => {
      const index = columns.indexOf(column);
      const id = nodes[index]!;
      if (group.childElementCount === 0) {
        group.append(svgElement('title'), svgElement('rect'), svgElement('g'));
      }
      const [title, rect, texts] = group.children;
      setAll(group, { 'data-node': id });
      setText(title!, [id, ...(byId.get(id)?.about ?? [])].join(', '));
      const acted = id === look.actor ? ' acted' : '';
      const place = { x: centres[index]! - box / 2, y: 1, width: box, height, rx: 3 };
      setAll(rect!, { class: `actor${acted}`, ...place });
      const top = 1 + (height - column.length * step) / 2;
      const lined = column.map((line, at) => ({ line, at }));
      each(texts!, 'text', lined, (text, { line, at }) => {
        const y = top + (at + 0.78) * step;
        setAll(text, { x: centres[index]!, y, class: at === 0 ? 'id' : '' });
        setText(text, line);
      });
    });
  }
}

/** Its name, and below it what it is, on one line if that has room. */
function linesOf({ id, about }: Participant, room: number): string[] {
  const joined = about.join(' · ');
  const lines = joined.length <= room ? [joined] : about;
  return [id, ...lines].filter((line) => line !== '').map((line) => cut(line, room));
}

function cut(line: string, room: number): string {
  const points = [...line];
  return points.length <= room ? line : `${points.slice(0, room - 1).join('')}…`;
}
