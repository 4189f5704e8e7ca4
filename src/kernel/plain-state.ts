/** Whether the state that a handler leaves is plain data: what is not cannot be gone back to. */
import { checkPlain, isPlainData } from './seal.ts';
import { shown } from './shown.ts';
import type { Slot } from './world.ts';

/**
 * Throws where the state is no plain data. The steps on which it looks depend on nothing but their
 * number, and become rare: states grow.
 */
export function checkState(slot: Slot, step: number): void {
  if (step >= 256 && (step & (step - 1)) !== 0) return;
  try {
    checkPlain(slot.state, 'state', 'states');
  } catch (error) {
    // The node is about to go down, and what can be shown of its state stays.
    for (const [field, value] of Object.entries(slot.state)) {
      if (!isPlainData(value)) slot.state[field] = shown(value);
    }
    throw error;
  }
}
