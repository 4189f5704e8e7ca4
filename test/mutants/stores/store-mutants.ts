/** The mutants of the register store: each changes one line. */
import type { Mutant } from '../mutant.ts';

export const storeMutants: Record<string, Mutant> = {
  'store-reads-too-few': {
    doc: 'A coordinator goes on with one copy less than R.',
    in: 'quorum.ts',
    line: "if (one.phase === 'asking' && Object.keys(one.copies).length >= r) {",
    broken: "if (one.phase === 'asking' && Object.keys(one.copies).length >= r - 1) {",
    violates: 'Completed Writes Are Read',
  },
  'store-writes-nothing-back': {
    doc: 'A read returns what it found before enough servers have it.',
    in: 'quorum.ts',
    line: 'if (!options.writeBack || register === null) return answerClient(node, id);',
    broken: 'if (options.writeBack || register === null) return answerClient(node, id);',
    violates: 'No Old Value After New',
  },
  'store-counts-alone': {
    doc: 'A coordinator counts its own writes only, without those that it found.',
    in: 'quorum.ts',
    line: 'issued[key] = Math.max(versionOf(one.register).counter, issued[key] ?? 0) + 1;',
    broken: 'issued[key] = (issued[key] ?? 0) + 1;',
    violates: 'Later Writes Are Newer',
  },
  'store-issues-twice': {
    doc: 'A coordinator forgets which versions it has issued.',
    in: 'quorum.ts',
    line: 'issued[key] = Math.max(versionOf(one.register).counter, issued[key] ?? 0) + 1;',
    broken: 'issued[key] = versionOf(one.register).counter + 1;',
    violates: 'A Version Names One Write',
  },
  'store-takes-old-hints': {
    doc: 'A server takes what another kept for it, also if its own copy is newer.',
    in: 'sloppy.ts',
    line: 'storeCopy(node, key, register);',
    broken: 'node.state.registers[key] = register;',
    violates: 'Copies Never Go Back',
  },
  'store-answers-early': {
    doc: 'A write is answered when one server less than W has it.',
    in: 'quorum.ts',
    line: "} else if (one.phase === 'storing' && one.stored.length >= w) {",
    broken: "} else if (one.phase === 'storing' && one.stored.length >= w - 1) {",
    violates: 'Answered Writes Are Stored',
  },
  'store-applies-out-of-order': {
    doc: 'A follower applies writes as they arrive.',
    in: 'leader.ts',
    line: 'if (entry.index === lastApplied(node) + 1) apply(node, entry);',
    broken: 'if (entry.index > lastApplied(node)) apply(node, entry);',
    violates: 'Followers Keep The Order',
  },
  'store-forgets-hints': {
    doc: 'A server tries once to give others what it keeps for them.',
    in: 'sloppy.ts',
    line: "if (hints.length > 0) node.setTimer('handOff', node.options.handOffEvery);",
    broken: 'node.state.hints = [];',
    violates: 'Hints Are Delivered',
  },
  'store-reads-anywhere': {
    doc: 'A session reads what it wrote at any server.',
    in: 'register-store/roles/routes.ts',
    line: "if (asked.includes('read-your-writes') && session.wrote.includes(key)) {",
    broken: "if (asked.includes('read-your-writes') && !session.wrote.includes(key)) {",
    violates: 'Read Your Writes',
  },
  'store-moves-sessions': {
    doc: 'A session reads from another server each time.',
    in: 'register-store/roles/routes.ts',
    line: 'session.server ??= readServer(node);',
    broken: 'session.server = readServer(node);',
    violates: 'Monotonic Reads',
  },
};
