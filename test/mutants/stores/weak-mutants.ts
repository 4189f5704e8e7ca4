/** The mutants of causal replication and of gossip: each changes one line. */
import type { Mutant } from '../mutant.ts';

export const causalMutants: Record<string, Mutant> = {
  'causal-applies-at-once': {
    doc: 'A write is applied as soon as the earlier writes of its server are.',
    in: 'register-store/causal/causal.ts',
    line: 'return dominates(applied, write.after) && nextDot(applied, write.by).number === write.number;',
    broken: 'return nextDot(applied, write.by).number === write.number;',
    violates: 'Causes Come First',
  },
  'causal-forgets-the-session': {
    doc: 'A write depends on nothing, whatever its session has seen.',
    in: 'register-store/causal/causal.ts',
    line: 'const { key, value, needs: after } = request;',
    broken: 'const { key, value } = request; const after = {};',
    violates: 'Dependencies Are Complete',
  },
  'causal-forgets-its-writes': {
    doc: 'A write does not depend on the earlier writes of its session.',
    in: 'register-store/data/sessions.ts',
    line: "const ofWrites = has(isRead ? 'read-your-writes' : 'monotonic-writes') ? written : {};",
    broken: "const ofWrites = isRead && has('read-your-writes') ? written : {};",
    violates: 'Dependencies Are Complete',
  },
  'causal-forgets-its-reads': {
    doc: 'A write does not depend on what its session has read.',
    in: 'register-store/data/sessions.ts',
    line: "const ofReads = has(isRead ? 'monotonic-reads' : 'writes-follow-reads') ? read : {};",
    broken: "const ofReads = isRead && has('monotonic-reads') ? read : {};",
    violates: 'Dependencies Are Complete',
  },
  'causal-reads-without-its-writes': {
    doc: 'A read does not wait for the writes of its session.',
    in: 'register-store/data/sessions.ts',
    line: "const ofWrites = has(isRead ? 'read-your-writes' : 'monotonic-writes') ? written : {};",
    broken: "const ofWrites = !isRead && has('monotonic-writes') ? written : {};",
    violates: 'Read Your Writes',
  },
  'causal-reads-without-its-reads': {
    doc: 'A read does not wait for what its session has read.',
    in: 'register-store/data/sessions.ts',
    line: "const ofReads = has(isRead ? 'monotonic-reads' : 'writes-follow-reads') ? read : {};",
    broken: "const ofReads = !isRead && has('writes-follow-reads') ? read : {};",
    violates: 'Monotonic Reads',
  },
  'causal-no-tie-break': {
    doc: 'Of two concurrent writes with equal times, each server keeps the one that it applies last.',
    in: 'register-store/causal/causal.ts',
    line: 'if (own.isConvergent && compareVersions(versionOf(kept), version) > 0) {',
    broken: 'if (own.isConvergent && versionOf(kept).counter > version.counter) {',
    violates: 'Convergent Servers Agree',
  },
  'causal-forgets-the-vector': {
    doc: 'A server does not write to disk what it has applied.',
    in: 'register-store/roles/server.ts',
    line: "durable: ['registers', 'applied', 'lastChange', 'log', 'issued', 'hints', 'causal', 'cells'],",
    broken: "durable: ['registers', 'lastChange', 'log', 'issued', 'hints', 'causal', 'cells'],",
    violates: 'Applied Writes Stay Applied',
  },
  'causal-forgets-the-log': {
    doc: 'A server that was restarted has no writes for those that missed some.',
    in: 'register-store/roles/server.ts',
    line: "durable: ['registers', 'applied', 'lastChange', 'log', 'issued', 'hints', 'causal', 'cells'],",
    broken: "durable: ['registers', 'applied', 'lastChange', 'log', 'issued', 'hints', 'cells'],",
    violates: 'A Vector Counts What Is There',
  },
};

export const gossipMutants: Record<string, Mutant> = {
  'register-no-tie-break': {
    doc: 'Of two writes with equal times, each server keeps its own.',
    in: 'register-store/gossip/last-writer.ts',
    line: 'return compareDots(a.dot, b.dot) > 0;',
    broken: 'return a.dot.by === b.dot.by && compareDots(a.dot, b.dot) > 0;',
    violates: 'Copies With The Same Updates Agree',
  },
  'register-first-writer-wins': {
    doc: 'The write with the earlier time wins.',
    in: 'register-store/gossip/last-writer.ts',
    line: 'if (a.time !== b.time) return a.time > b.time;',
    broken: 'if (a.time !== b.time) return a.time < b.time;',
    violates: 'The Last Write Stays',
  },
  'register-forgets-copies': {
    doc: 'A server does not write its copies to disk.',
    in: 'register-store/roles/server.ts',
    line: "durable: ['registers', 'applied', 'lastChange', 'log', 'issued', 'hints', 'causal', 'cells'],",
    broken: "durable: ['registers', 'applied', 'lastChange', 'log', 'issued', 'hints', 'causal'],",
    violates: 'Copies Never Lose Updates',
  },
  'siblings-replaces-all': {
    doc: 'A write replaces all siblings, also those that its session has not read.',
    in: 'register-store/gossip/cells.ts',
    line: 'return { ...cell, ...updated(known, dot, value, (one) => hasDot(context, one)) };',
    broken: 'return { ...cell, ...updated(known, dot, value, () => true) };',
    violates: 'A Write Replaces What Was Read',
  },
  'siblings-forgets-the-context': {
    doc: 'A server that lacks what a write replaces takes it as new when it arrives.',
    in: 'register-store/gossip/cells.ts',
    line: 'const known = { values: cell.values, vector: union(cell.vector, context) };',
    broken: 'const known = { values: cell.values, vector: union(cell.vector, {}) };',
    violates: 'A Write Replaces What Was Read',
  },
  'counter-takes-the-newest': {
    doc: 'A merge takes the sums of the other copy instead of the larger ones.',
    in: 'register-store/gossip/counter.ts',
    line: 'added: union(a.added, b.added),',
    broken: 'added: { ...a.added, ...b.added },',
    violates: 'No Increment Is Lost',
  },
  'set-keeps-what-either-has': {
    doc: 'A merge keeps each element that one of the copies has: what was removed comes back.',
    in: 'register-store/gossip/dotted.ts',
    line: 'return own.values.filter((one) => has(other, one) || !hasDot(other.vector, one));',
    broken: 'return own.values.filter((one) => has(other, one) || one.number > 0);',
    violates: 'A Remove Takes What It Observed',
  },
  'set-remove-wins': {
    doc: 'A merge keeps only what both copies have: an add that a remove had not observed is lost.',
    in: 'register-store/gossip/dotted.ts',
    line: 'return own.values.filter((one) => has(other, one) || !hasDot(other.vector, one));',
    broken: 'return own.values.filter((one) => has(other, one));',
    violates: 'A Remove Takes What It Observed',
  },
};
