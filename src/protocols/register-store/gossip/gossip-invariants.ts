/** What gossip promises of each copy: it follows from the updates that the copy includes. */
import { derivedEvent } from '../../../protocol/define.ts';
import type { Invariant, Json } from '../../../protocol/types.ts';
import { dotText, vectorText } from '../data/dots.ts';
import { dominates } from '../data/sessions.ts';
import { ofStore, type Roles } from '../invariants/roles.ts';
import { type Cell, shownCell } from './cells.ts';
import {
  includedIn, type KnownUpdate, type KnownUpdates, lastOf, noteUpdates, noUpdates, sumOf, unremoved,
  unreplaced, valueOf,
} from './known-updates.ts';

/** Checks each copy that changed in a step. */
function ofCopies(
  doc: string,
  check: (cell: Cell, included: readonly KnownUpdate[]) => string | undefined,
): Invariant {
  return ofStore({
    doc,
    remember: noUpdates,
    check({ acted, events, memory }) {
      for (const key of noteUpdates({ acted, events }, memory)) {
        if (acted?.role !== 'server') return undefined;
        const cell = acted.state.cells[key];
        const why = check(cell, includedIn(key, cell, memory));
        if (why !== undefined) return `${acted.id} has ${key} ${text(shownCell(cell))}: ${why}.`;
      }
      return undefined;
    },
  });
}

const agree = ofStore({
  doc: 'Copies that include the same updates show the same value (strong eventual consistency).',
  remember: noUpdates,
  check({ acted, nodes, events, memory }) {
    for (const key of noteUpdates({ acted, events }, memory)) {
      if (acted?.role !== 'server') return undefined;
      const own = acted.state.cells[key];
      for (const other of nodes) {
        if (other.role !== 'server' || other.id === acted.id) continue;
        const cell = other.state.cells[key];
        if (cell === undefined || !isSame(cell, own)) continue;
        const [mine, its] = [own, cell].map((one) => text(shownCell(one)));
        if (mine === its) continue;
        const both = `${acted.id} and ${other.id} include the same updates of ${key}`;
        return `${both}, ${vectorText(own.vector)}, but show ${mine} and ${its}.`;
      }
    }
    return undefined;
  },
});

function isSame(a: Cell, b: Cell): boolean {
  return dominates(a.vector, b.vector) && dominates(b.vector, a.vector);
}

const vectorsGrow = ofStore({
  doc: 'The vector of a copy only grows, even across a crash: what was answered stays included.',
  remember: noUpdates,
  check({ acted, events, memory }) {
    if (acted?.role !== 'server') return undefined;
    const before = { ...memory.vectors[acted.id] };
    noteUpdates({ acted, events }, memory);
    for (const key in before) {
      const now = acted.state.cells[key]?.vector ?? {};
      if (dominates(now, before[key])) continue;
      const [then, since] = [before[key], now].map(vectorText);
      return `${acted.id} included the updates ${then} of ${key}, and now only ${since}.`;
    }
    return undefined;
  },
});

const noIncrementLost = ofCopies(
  'A counter is the sum of the increments that its copy includes.',
  (cell, included) => {
    if (!included.some(({ does }) => does.type === 'increment')) return undefined;
    const sum = sumOf(included);
    if (shownCell(cell) === sum) return undefined;
    return `the increments that it includes, ${vectorText(cell.vector)}, add up to ${sum}`;
  },
);

const addWins = ofCopies(
  'A set has what was added and not removed since; a remove takes away only what it had observed.',
  (cell, included) => {
    if (!included.some(({ does }) => does.type === 'add')) return undefined;
    const shown = shownCell(cell) as readonly Json[];
    const expected = unremoved(included);
    const lost = expected.find(({ does }) => !shown.includes(valueOf(does)));
    if (lost !== undefined) return `no remove had observed ${dotText(lost)} (${value(lost)})`;
    const back = shown.find((one) => !expected.some(({ does }) => valueOf(does) === one));
    return back === undefined ? undefined : `a remove had observed each add of ${text(back)}`;
  },
);

const siblingsStay = ofCopies(
  'A write replaces the siblings that its session had read, and no others.',
  (cell, included) => {
    if (cell.keeps !== 'siblings') return undefined;
    const expected = unreplaced(included).map(dotText).sort().join(' ');
    const kept = cell.values.map(dotText).sort().join(' ');
    return kept === expected ? undefined : `it keeps ${kept}, but should keep ${expected}`;
  },
);

const lastWriteStays = ofCopies(
  'With last-writer-wins, a copy shows the write with the latest time that it includes.',
  (cell, included) => {
    if (cell.keeps !== 'last write') return undefined;
    const last = lastOf(included);
    if (last === undefined || cell.dot === null || dotText(cell.dot) === dotText(last)) {
      return undefined;
    }
    return `it keeps ${dotText(cell.dot)}, but ${dotText(last)} is later by its time`;
  },
);

export const gossipInvariants: Record<string, Invariant> = {
  'Copies With The Same Updates Agree': agree,
  'Copies Never Lose Updates': vectorsGrow,
  'No Increment Is Lost': noIncrementLost,
  'A Remove Takes What It Observed': addWins,
  'A Write Replaces What Was Read': siblingsStay,
  'The Last Write Stays': lastWriteStays,
};

interface Lost extends KnownUpdates {
  /** The writes that were reported already. */
  reported: string[];
}

/** Last-writer-wins drops writes without a trace; this names each of them once. */
export const writeLost = derivedEvent<Roles>()({
  remember: (): Lost => ({ ...noUpdates(), reported: [] }),
  look({ acted, events, memory }) {
    const found = [];
    for (const key of noteUpdates({ acted, events }, memory)) {
      if (acted?.role !== 'server') return [];
      const cell = acted.state.cells[key];
      if (cell.keeps !== 'last write' || cell.dot === null) continue;
      const kept = dotText(cell.dot);
      for (const lost of unreplaced(includedIn(key, cell, memory))) {
        const name = `${key} ${dotText(lost)}`;
        if (dotText(lost) === kept || memory.reported.includes(name)) continue;
        memory.reported.push(name);
        found.push({ key, lost: dotText(lost), value: valueOf(lost.does), kept });
      }
    }
    return found;
  },
  summary: ({ key, lost, value: of, kept }) => `${key} ${of} of ${lost}, for ${kept}`,
});

function value({ does }: KnownUpdate): string {
  return text(valueOf(does));
}

function text(of: Json): string {
  return Array.isArray(of) ? `[${of.join(', ')}]` : String(of);
}
