/** What the store does if operations run one after the other: a register for each key. */
import { register } from '../../protocol/specifications/objects.ts';

export const registers = { ...register(), operations: ['read', 'write'] };
