/** The mutants of the configuration store: each changes one line of the store, a watch or a client. */
import type { Mutant } from '../mutant.ts';

export const configurationMutants: Record<string, Mutant> = {
  'store-swap-by-server': {
    doc: 'A server decides about a swap by what it is itself, and not only by the log.',
    in: 'store.ts',
    line: 'if (find(state, command.key).modRevision !== command.modRevision) return 0;',
    broken: "if (state.standing !== 'leader' && command.modRevision > 0) return 0;",
    violates: 'One Change A Revision',
  },
  'store-uncounted-delete': {
    doc: 'A deleted key is replaced by an empty one.',
    in: 'store.ts',
    line: 'if (value === null) delete state.keys[key];',
    broken: "if (value === null) state.keys[key] = { value: '', modRevision: revision };",
    violates: 'Every Change Counts',
  },
  'store-old-revision': {
    doc: 'A key keeps the revision of its first change.',
    in: 'store.ts',
    line: 'else state.keys[key] = frozen({ value, modRevision: revision });',
    broken: 'else state.keys[key] = frozen({ value, modRevision: state.keys[key]?.modRevision ?? revision });',
    violates: 'Every Change Counts',
  },
  'store-swap-of-older': {
    doc: 'A swap refuses only a revision that is too new.',
    in: 'store.ts',
    line: 'if (find(state, command.key).modRevision !== command.modRevision) return 0;',
    broken: 'if (find(state, command.key).modRevision < command.modRevision) return 0;',
    violates: 'Swaps Compare',
  },
  'store-watch-in-the-past': {
    doc: 'A server does not compare the revision of a watch with the compaction.',
    in: 'watches.ts',
    line: 'if (from > 0 && from < state.compacted) {',
    broken: 'if (from > 0 && from < 0) {',
    violates: 'No Watch In The Deleted Past',
  },
  'store-notifies-again': {
    doc: 'A server does not remember up to where it notified a watch.',
    in: 'watches.ts',
    line: 'if (change.revision < watch.next) return;',
    broken: '',
    violates: 'Changes In Order',
  },
  'client-resumes-at-the-last': {
    doc: 'A client resumes at the revision that it has, and not at the one after it.',
    in: 'client.ts',
    line: 'own.next = revision + 1;',
    broken: 'own.next = revision;',
    violates: 'Changes In Order',
  },
  'store-begins-now': {
    doc: 'A server does not notify a new watch of what it missed.',
    in: 'watches.ts',
    line: 'for (const change of state.changes) notify(node, begun, change);',
    broken: '',
    violates: 'No Change Is Missed',
  },
  'store-commits-alone': {
    doc: 'A leader counts an entry as committed when its own disk has it.',
    in: 'raft/raft.ts',
    line: 'const n = highestOnMajority(node);',
    broken: 'const n = state.log.length;',
    violates: 'Only Committed Changes',
  },
  'client-forgets-order': {
    doc: 'A client believes an older answer.',
    in: 'client.ts',
    line: 'if (Object.hasOwn(known, key) && revision < known[key].revision) return;',
    broken: '',
    violates: 'Known Never Goes Back',
  },
};
