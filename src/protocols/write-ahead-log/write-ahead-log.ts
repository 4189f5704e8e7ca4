/** A crash in the middle of a write: a record that is overwritten in place, and one with a log. */
import { defineProtocol } from '../../protocol/define.ts';
import type { NodeId } from '../../protocol/types.ts';
import { events, store, type Value } from './store.ts';
import { specification } from './record-object.ts';

export const writeAheadLog = defineProtocol({
  name: 'write-ahead-log',
  aliases: ['wal', 'torn-write', 'crash'],
  doc: 'A record of several pages that a crash tears, unless a log is written ahead of it.',
  source: 'Mohan et al.: ARIES, ACM TODS 1992; Gray, Reuter: Transaction Processing, 1993, §9',
  specification,
  events,
  roles: { store },
  invariants: {
    'Whole Record': {
      doc: 'After a restart, all pages of the record are of one write.',
      check({ nodes }) {
        const torn = nodes.find(({ up, state }) => up && state.isTorn);
        const pages = torn?.state.pages.map((page) => page ?? 'nothing').join(', ');
        return torn && `The record of ${torn.id} is torn: its pages are of ${pages}.`;
      },
    },
    'Answered Writes Survive': {
      doc: 'After a write was answered, the record is of that write or of a later one.',
      remember: (): Record<NodeId, { answered: Value | null; later: Value[] }> => ({}),
      check({ acted, events: reported, memory }) {
        if (acted === undefined || !acted.up) return undefined;
        const { id, state } = acted;
        const known = (memory[id] ??= { answered: null, later: [] });
        if (state.writing !== null) known.later.push(state.writing.value);
        for (const event of reported) {
          if (event.name !== 'Answered') continue;
          known.answered = event.fields.value;
          known.later = state.writing === null ? [] : [state.writing.value];
        }
        const { answered, later } = known;
        if (answered === null || state.isTorn || state.value === answered) return undefined;
        if (state.value !== null && later.includes(state.value)) return undefined;
        return `${id} answered the write of ${answered}, and now reads ${state.value}.`;
      },
    },
    'Log Before Pages': {
      doc: 'While a log is written, no page changes; its mark comes when it has all pages.',
      remember: (): { pages: Record<NodeId, readonly (Value | null)[]> } => ({ pages: {} }),
      check({ acted, events: reported, memory: { pages } }) {
        if (acted === undefined) return undefined;
        const { id, state: { log, pages: now } } = acted;
        const before = pages[id];
        pages[id] = [...now];
        const logged = reported.some(({ name }) => name === 'LogWritten' || name === 'Committed');
        if (before === undefined || !logged || log.committed && log.pages.length === now.length) {
          return undefined;
        }
        const length = `${log.pages.length} of ${now.length} pages`;
        if (log.committed) return `${id} marked a log of ${length}.`;
        const changed = now.findIndex((page, i) => page !== before[i]);
        if (changed < 0) return undefined;
        return `${id} changed page ${changed + 1} before its log was done.`;
      },
    },
  },
});
