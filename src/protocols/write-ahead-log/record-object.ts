/** The record as a sequential object: a crash in a write leaves the old or the new one. */
import type { Specification } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';

export const specification: Specification<Json> = {
  doc: 'A record that is replaced as a whole: a read returns the last one, even after a crash.',
  init: () => null,
  step(record, { name, args, outcome, result }) {
    if (name === 'write') return args.value;
    return outcome === 'ok' && result !== record ? undefined : record;
  },
};
