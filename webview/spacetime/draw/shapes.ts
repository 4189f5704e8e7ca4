/** Events that were picked, numbered, and the place of a shape that was gone to, with messages. */

import type { LaneLayout, Place, Scene } from '../scene.ts';
import type { Lane } from '../lane.ts';
import { rowY, stepX } from '../scene.ts';
import type { Ink } from './ink.ts';

export function drawShapes(
  ink: Ink,
  scene: Scene,
  lane: Lane,
  layout: LaneLayout,
  index: number,
): void {
  const { picked, place, layout: { fontSize } } = scene;
  const at = ({ step, node }: Pick<Place, 'step' | 'node'>) => {
    return [stepX(scene, lane, step), rowY(layout, node)] as const;
  };
  if (place?.lane === index) {
    const { events } = place;
    const lines = events.flatMap((event) => {
      const sentStep = lane.received(event.step)?.sentStep;
      const sender = events.find(({ step }) => step === sentStep);
      return sender ? [...at(sender), ...at(event)] : [];
    });
    ink.lines(lines, { colour: 'changed', width: 3, alpha: 0.55 });
    ink.shapes('target', events.flatMap((one) => [...at(one)]), { colour: 'changed', size: 8 });
  }
  const own = picked.filter((one) => one.lane === index && one.step < lane.count);
  ink.shapes('target', own.flatMap((one) => [...at(one)]), { colour: 'bid', size: 7 });
  own.forEach((one, number) => {
    const [x, y] = at(one);
    ink.text(x + 9, y - 9, String(number + 1), {
      colour: 'ink', bold: true, size: fontSize, ground: 'paper',
    });
  });
}
