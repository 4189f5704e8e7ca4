/** The mutants of repeated requests and of the write-ahead log: each changes one line. */
import type { Mutant } from '../mutant.ts';

export const requestMutants: Record<string, Mutant> = {
  'request-stores-no-key': {
    doc: 'The server does not look for the key of a request.',
    in: 'server.ts',
    line: 'if (known !== undefined) {',
    broken: "if (known !== undefined && remembers === 'last') {",
    violates: 'At Most Once',
  },
  'request-answers-early': {
    doc: 'The server answers when a request arrives, before it works on it.',
    in: 'server.ts',
    line: 'node.state.working.push({ from, request });',
    broken:
      "node.state.working.push({ from, request }); node.send(from, { type: 'Reply', number: request.number, total: 0 });",
    violates: 'A Reply Means Executed',
  },
  'request-answers-anew': {
    doc: 'A repetition is answered with the total as it is now.',
    in: 'server.ts',
    line: "return node.send(from, { type: 'Reply', number, total: known });",
    broken: "return node.send(from, { type: 'Reply', number, total: state.total });",
    violates: 'Same Answer',
  },
};

export const logMutants: Record<string, Mutant> = {
  'log-is-not-replayed': {
    doc: 'After a restart, the log is thrown away, also with its mark.',
    in: 'store.ts',
    line: 'state.pages = pages.map(() => value);',
    broken: 'state.pages = pages.map((page) => (page === undefined ? value : page));',
    violates: 'Whole Record',
  },
  'log-answers-before-the-mark': {
    doc: 'The client is answered before the mark is on disk.',
    in: 'store.ts',
    line: "node.event('LogWritten', { page: log.pages.length, value });",
    broken: "node.event('LogWritten', { page: log.pages.length, value }); answer(node);",
    violates: 'Answered Writes Survive',
  },
  'log-marks-early': {
    doc: 'The mark is written before the last page of the log.',
    in: 'store.ts',
    line: 'if (log.pages.length < pages.length) {',
    broken: 'if (log.pages.length < pages.length - 1) {',
    violates: 'Log Before Pages',
  },
};
