/** The first difference of a run from one that breaks a promise, in words. */
import type { Change } from './nearest.ts';

/** `Accept p1 → a2 happens before Prepare p2 → a2, not after it (step 12)`. */
export function changeText({ type, action, other, step }: Change): string {
  const at = `(step ${step})`;
  switch (type) {
    case 'before':
      return `${action} happens before ${other ?? ''}, not after it ${at}`;
    case 'last':
      return `${action} happens after all the others ${at}`;
    case 'left out':
      return `${action} does not happen ${at}`;
    case 'lost':
      return `${action} is lost ${at}`;
  }
}
