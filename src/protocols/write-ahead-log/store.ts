/** A store of one record that is several pages long, and a disk that writes one page at a time. */
// Mohan et al., "ARIES" (1992), §1.1: a page that was updated may be on disk only after the log
// record of the update; Gray and Reuter, "Transaction Processing" (1993), §9. The record here is
// replaced as a whole, so the log needs no undo: a log without its commit mark is thrown away.
import { operation, role } from '../../protocol/define.ts';
import type { Micros, Node, OperationId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';

export type Value = string | number | boolean;

export interface StoreState {
  // Durable: what is on disk.
  /** The record in place; a page is null before the first write. */
  pages: (Value | null)[];
  /** The log: the pages of the new record, and whether the commit mark is written. */
  log: { pages: Value[]; committed: boolean };
  /** How many pages and marks were written. */
  written: number;
  // Volatile.
  /** What a read answers; null before the first write. */
  value: Value | null;
  /** The write that is under way, and the next page in place, from 0. */
  writing: { readonly value: Value; operation: OperationId | null; page: number } | null;
  /** After a restart: the pages of the record do not belong together. */
  isTorn: boolean;
}

export interface Store {
  state: StoreState;
  receives: object;
  sends: object;
  timers: { disk: void };
  events: {
    PageWritten: { page: number; value: Value };
    LogWritten: { page: number; value: Value };
    Committed: { value: Value };
    Answered: { value: Value };
    LogReplayed: { value: Value };
    LogDiscarded: { pages: number };
    RecordTorn: { pages: readonly (Value | null)[] };
  };
  options: { method: string; pages: number; pageTime: Micros };
}

export const events: Record<keyof Store['events'], string> = {
  PageWritten: 'A page of the record was written in place.',
  LogWritten: 'A page of the new record was written to the log.',
  Committed: 'The commit mark was written: from now on a crash does not lose the write.',
  Answered: 'The client was told that the write is done.',
  LogReplayed: 'After a crash, a log with its commit mark was applied to the pages again.',
  LogDiscarded: 'After a crash, a log without its commit mark was thrown away.',
  RecordTorn: 'After a crash, the pages of the record do not belong together.',
};

type StoreNode = Node<Store>;

export const store = role<Store>({
  doc: 'Writes a record page by page, in place or with a log ahead of it.',
  joins: true,
  options: {
    method: {
      kind: 'choice', default: 'log', choices: ['in place', 'log'],
      doc: 'Whether the pages are overwritten at once, or only after the new record is in a log.',
    },
    pages: { kind: 'integer', default: 2, min: 1, max: 64, doc: 'The length of the record.' },
    pageTime: {
      kind: 'duration', default: milliseconds(5), min: 1, max: seconds(60),
      doc: 'How long the disk takes for a page; a page is written as a whole or not at all.',
    },
  },
  init: ({ options: { pages } }) => ({
    pages: Array.from({ length: pages }, () => null),
    log: { pages: [], committed: false }, written: 0, value: null, writing: null, isTorn: false,
  }),
  durable: ['pages', 'log', 'written'],
  noDiskFaults: 'its disk is modelled page by page: use `crash` between two of them',
  start: (node) => recover(node),

  messages: {},
  timers: {
    disk(node) {
      if (node.options.method === 'log') writeToLog(node);
      else writeInPlace(node);
    },
  },

  operations: {
    write: operation<Store>()({
      doc: 'Replaces the record; answers OK when it is on disk. One write at a time.',
      parameters: { value: 'value' },
      noEffect: true,
      run(node, { value }, id) {
        const { state } = node;
        if (state.writing !== null) return node.fail(id, 'another write is under way');
        state.writing = { value, operation: id, page: 0 };
        node.setTimer('disk', node.options.pageTime);
      },
    }),
    read: operation<Store>()({
      doc: 'Answers the record; torn if its pages do not belong together, null before a write.',
      parameters: {},
      run: (node, _none, id) => node.reply(id, node.state.isTorn ? 'torn' : node.state.value),
    }),
  },

  standings: {
    idle: { doc: 'No write is under way.', boots: true, to: { writing: 'a write begins' } },
    writing: {
      doc: 'It writes to the log, or to the pages in their place.',
      to: { idle: 'all pages are in place' },
    },
    torn: {
      doc: 'Its pages do not belong together: a crash came between them, and no log was whole.',
      boots: true,
      to: {
        writing: 'the log of a new write is whole', idle: 'a write has replaced all pages',
      },
    },
  },
  lookDocs: {
    value: 'The pages in place: they are one record only if none is older than the others.',
    log: 'The pages of the new record; it counts once the mark of the commit follows them.',
    written: 'How many pages are on the disk so far.',
  },
  look: ({ pages, log, written, writing, isTorn }) => ({
    standing: isTorn ? 'torn' : writing === null ? 'idle' : 'writing',
    tone: writing === null ? 'none' : 'bid',
    value: pages.map((page) => page ?? '-').join(' | '),
    facts: { log: `${log.pages.join(' | ')}${log.committed ? ', committed' : ''}`, written },
  }),
});

/** The log: all pages of the new record, the commit mark, and only then the pages in place. */
function writeToLog(node: StoreNode): void {
  const { state, options: { pageTime } } = node;
  const { log, writing, pages } = state;
  if (writing === null) return;
  const { value } = writing;
  if (log.committed) return writeInPlace(node);
  state.written += 1;
  if (log.pages.length < pages.length) {
    log.pages.push(value);
    node.event('LogWritten', { page: log.pages.length, value });
  } else {
    log.committed = true;
    node.event('Committed', { value });
    answer(node);
  }
  node.setTimer('disk', pageTime);
}

/** Overwrites the next page; without a log, a crash before the last one leaves a mixture. */
function writeInPlace(node: StoreNode): void {
  const { state, options: { pageTime } } = node;
  const { writing, pages } = state;
  if (writing === null) return;
  pages[writing.page] = writing.value;
  state.written += 1;
  writing.page += 1;
  node.event('PageWritten', { page: writing.page, value: writing.value });
  if (writing.page < pages.length) return node.setTimer('disk', pageTime);
  state.log = { pages: [], committed: false };
  answer(node);
  state.writing = null;
}

function answer(node: StoreNode): void {
  const { state } = node;
  if (state.writing === null) return;
  const { value, operation: id } = state.writing;
  state.value = value;
  state.isTorn = false;
  if (id === null) return;
  node.event('Answered', { value });
  node.reply(id, 'OK');
  state.writing.operation = null;
}

/** After a restart: a log with its mark is applied again, as often as needed; any other is not. */
function recover(node: StoreNode): void {
  const { state } = node;
  const { log, pages } = state;
  if (log.committed) {
    const [value] = log.pages;
    node.event('LogReplayed', { value });
    state.pages = pages.map(() => value);
    state.written += pages.length;
  } else if (log.pages.length > 0) {
    node.event('LogDiscarded', { pages: log.pages.length });
  }
  state.log = { pages: [], committed: false };
  const [first] = state.pages;
  state.value = first;
  state.isTorn = state.pages.some((page) => page !== first);
  if (state.isTorn) node.event('RecordTorn', { pages: [...state.pages] });
}
