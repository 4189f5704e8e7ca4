/** Which part of the picture is in sight: the wheel and keys zoom, dragging and keys move it. */

import type { Size } from './areas.ts';
import type { Point } from './geometry.ts';

export interface Viewport {
  zoom: number;
  /** Where the picture's upper left corner is. */
  x: number;
  y: number;
}

/** All of the picture. */
export const whole: Viewport = { zoom: 1, x: 0, y: 0 };

export const mostZoom = 12;
/** How much one key press or click on a button enlarges. */
export const zoomStep = 1.3;

/** Zooms by a factor; `at` stays where it is. All of the picture is the least that is shown. */
export function zoomed({ zoom, x, y }: Viewport, by: number, at: Point, size: Size): Viewport {
  const next = Math.min(mostZoom, Math.max(1, zoom * by));
  const factor = next / zoom;
  return bounded(
    { zoom: next, x: at.x - (at.x - x) * factor, y: at.y - (at.y - y) * factor },
    size,
  );
}

export function panned({ zoom, x, y }: Viewport, by: Point, size: Size): Viewport {
  return bounded({ zoom, x: x + by.x, y: y + by.y }, size);
}

/** Shows a place in the middle, enlarged if all of the picture was shown. */
export function centredOn({ zoom }: Viewport, place: Point, size: Size, least = 1): Viewport {
  const next = Math.max(zoom, least);
  const [x, y] = [size.width / 2 - place.x * next, size.height / 2 - place.y * next];
  return bounded({ zoom: next, x, y }, size);
}

/** No part beyond the edge of the picture is shown. */
function bounded({ zoom, x, y }: Viewport, { width, height }: Size): Viewport {
  const within = (value: number, room: number) => Math.min(0, Math.max(room * (1 - zoom), value));
  return { zoom, x: within(x, width), y: within(y, height) };
}

export function transformOf({ zoom, x, y }: Viewport): string {
  return `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${zoom.toFixed(3)})`;
}
