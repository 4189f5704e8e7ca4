/** The words of playing: its buttons, its speeds, and gaps of virtual time that it shortens. */
import { timeText } from '../../kernel/text/duration.ts';

export const labels = {
  controls: 'Play',
  play: 'Play: step again and again, until a breakpoint or the end',
  pause: 'Pause playing',
  step: 'Step over the next action',
  back: 'Step back',
  speed: 'Speed',
  speedIs: '100× is the real time of the cluster: a millisecond of it takes a millisecond',
} as const;

/** `0.1×`. */
export function speedText(speed: number): string {
  return `${speed}×`;
}

/** How long a millisecond of virtual time takes: the tooltip of a speed. */
export function speedTitle(speed: number): string {
  return `1 ms of the cluster takes ${timeText(100_000 / speed)}`;
}

/** Virtual time that passes without being shown in full: `… 148 ms …`. */
export function gapText(micros: number): string {
  return `… ${timeText(micros)} …`;
}

/** The virtual time that the picture shows. */
export function timeShown(micros: number): string {
  return timeText(Math.round(micros));
}
