/** Measures how the time of a check grows with the size of the text. */
import { programPath } from '../programs.ts';
import { boundsByDefault, judge, type Judged } from './judge.ts';
import { growing } from './nasties.ts';

export interface Growth {
  /** Undefined if the time grows with the size, or the larger text is refused at once. */
  readonly fault?: string;
}

/** A measurement below this says nothing about growth. */
const secondsLeast = 0.05;
const doublingsMost = 5;

/** A text four times as long may take a little more than four times as long. */
export function growth(name: string, progress: (what: string) => void): Growth {
  const [, first, textOf] = growing.find(([one]) => one === name)!;
  let size = first;
  let seconds = measured(textOf(size), progress).checkSeconds;
  for (let doubled = 0; seconds < secondsLeast && doubled < doublingsMost; doubled++) {
    size *= 2;
    progress(`${name}: ${size}`);
    seconds = measured(textOf(size), progress).checkSeconds;
  }
  if (seconds < secondsLeast) return {};
  progress(`${name}: ${size * 4}`);
  const larger = measured(textOf(size * 4), progress).checkSeconds;
  if (larger <= seconds * 8 + 0.2) return {};
  const times = (larger / seconds).toFixed(1);
  return {
    fault: `${size} take ${seconds.toFixed(2)} s and 4 times as many ${larger.toFixed(2)} s: ${times} times as long`,
  };
}

function measured(text: string, progress: (what: string) => void): Judged {
  const bounds = { ...boundsByDefault, checkSecondsMost: Infinity, actionsMost: 0 };
  return judge(text, programPath('write'), bounds, progress);
}
