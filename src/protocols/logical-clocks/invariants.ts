/** What each clock promises; wall clocks do not keep the first two. */
import { derivedEvent, invariant } from '../../protocol/define.ts';
import type { Invariant, Micros, Observation } from '../../protocol/types.ts';
import { asDuration } from '../../protocol/units.ts';
import {
  areConcurrent, type Causality, happenedBefore, noCausality, noteStep, receivedOf, type Roles,
} from './causality.ts';
import { compareStamps, stampText } from './clocks.ts';
import type { Stamp } from './state.ts';

const ofStore = invariant<Roles>();

interface Stamps extends Causality {
  stamps: Record<string, Stamp>;
}

const noStamps = (): Stamps => ({ ...noCausality(), stamps: {} });

/** The stamp of a write is what the clock of its replica shows after it. */
function noteStamps(of: Observation<Stamps, Roles>): string[] {
  const made = noteStep(of, of.memory);
  for (const id of made) of.memory.stamps[id] = of.acted!.state.clock;
  return made;
}

const clockCondition = ofStore({
  doc: 'A write has a later stamp than each write that happened before it (the clock condition).',
  remember: noStamps,
  check(of) {
    const { past, stamps } = of.memory;
    for (const id of noteStamps(of)) {
      const wrong = past[id].find((one) => compareStamps(stamps[one], stamps[id]) !== 'before');
      if (wrong === undefined) continue;
      const [first, second] = [stamps[wrong], stamps[id]].map(stampText);
      return `${wrong} happened before ${id}, but their stamps are ${first} and ${second}.`;
    }
    return undefined;
  },
});

const knownWritesLose = ofStore({
  doc: 'A replica that has a write does not keep one of the same key that happened before it.',
  remember: noCausality,
  check(of) {
    const { acted, memory } = of;
    noteStep(of, memory);
    if (acted === undefined) return undefined;
    for (const { id, key, value } of Object.values(acted.state.values).flat()) {
      const received = receivedOf(key, acted.id, memory);
      const newer = received.find((other) => happenedBefore(id, other, memory));
      if (newer === undefined) continue;
      return `${acted.id} keeps ${key}=${value} of ${id}, not ${newer}, whose author knew ${id}.`;
    }
    return undefined;
  },
});

const vectorsTell = ofStore({
  doc: 'Two vectors are ordered only if one write happened before the other (the converse).',
  remember: noStamps,
  check(of) {
    const { memory } = of;
    for (const id of noteStamps(of)) {
      if (memory.stamps[id].clock !== 'vector') continue;
      for (const other of Object.keys(memory.stamps)) {
        if (other === id || happenedBefore(other, id, memory)) continue;
        const order = compareStamps(memory.stamps[other], memory.stamps[id]);
        if (order === 'concurrent') continue;
        const [first, second] = [memory.stamps[other], memory.stamps[id]].map(stampText);
        return `${other} and ${id} are concurrent, but ${first} counts as ${order} ${second}.`;
      }
    }
    return undefined;
  },
});

const siblingsStay = ofStore({
  doc: 'With vector clocks, a write is discarded only for one whose author knew it.',
  remember: noCausality,
  check(of) {
    const { acted, memory } = of;
    noteStep(of, memory);
    if (acted === undefined || acted.state.clock.clock !== 'vector') return undefined;
    const kept = Object.values(acted.state.values).flat().map(({ id }) => id);
    const received = memory.received[acted.id];
    const lost = received.find((id) =>
      !kept.includes(id) && !received.some(
        (b) => memory.keys[b] === memory.keys[id] && happenedBefore(id, b, memory),
      ),
    );
    return lost && `${acted.id} discarded ${lost}, and no write that it has knew ${lost}.`;
  },
});

const converge = ofStore({
  doc: 'Replicas that have received the same writes of a key have the same value of it.',
  remember: noCausality,
  check(of) {
    const { acted, nodes, memory } = of;
    noteStep(of, memory);
    if (acted === undefined) return undefined;
    for (const [key, writes] of Object.entries(acted.state.values)) {
      const received = receivedOf(key, acted.id, memory).join(' ');
      const own = writes.map(({ id }) => id).join(' ');
      for (const { id, state } of nodes) {
        if (id === acted.id || receivedOf(key, id, memory).join(' ') !== received) continue;
        const other = (state.values[key] ?? []).map((one) => one.id).join(' ');
        if (own === other) continue;
        return `${acted.id} and ${id} have received ${received}, but keep ${own} and ${other}.`;
      }
    }
    return undefined;
  },
});

interface Readings extends Causality {
  /** Write → the latest reading of a wall clock at it and at the writes before it. */
  readings: Record<string, Micros>;
}

/** Theorems 1 and 2 of the paper: the wall part is the latest reading that could be known. */
const keepsToWallClocks = ofStore({
  doc: 'The wall part of a hybrid stamp is the latest reading of a wall clock in its past.',
  remember: (): Readings => ({ ...noCausality(), readings: {} }),
  check(of) {
    const { acted, memory } = of;
    for (const id of noteStep(of, memory)) {
      const { clock, reading } = acted!.state;
      const before = memory.past[id].map((one) => memory.readings[one]);
      // A clock that has read nothing yet shows 0.
      const latest = Math.max(0, reading, ...before);
      memory.readings[id] = latest;
      if (clock.clock !== 'hybrid' || clock.wall === latest) continue;
      const [wall, known] = [clock.wall, latest].map(asDuration);
      return `The wall part of ${id} is ${wall}, but the latest reading in its past is ${known}.`;
    }
    return undefined;
  },
});

export const invariants: Record<string, Invariant> = {
  'Clock Condition': clockCondition,
  'Known Writes Lose': knownWritesLose,
  'Vectors Tell What Is Concurrent': vectorsTell,
  'Siblings Stay': siblingsStay,
  'Replicas Converge': converge,
  'Hybrid Clocks Keep To Wall Clocks': keepsToWallClocks,
};

/** A discarded write and the one that was kept for it, once for each replica. */
function discarded(wasKnown: boolean) {
  return derivedEvent<Roles>()({
    remember: noCausality,
    look(of) {
      const { events, memory } = of;
      noteStep(of, memory);
      const found = [];
      for (const event of events) {
        if (event.name === 'WriteDiscarded') {
          const { id: lost, kept } = event.fields;
          const wasLater = happenedBefore(kept, lost, memory);
          if (wasKnown ? wasLater : areConcurrent(lost, kept, memory)) found.push({ lost, kept });
        } else if (event.name === 'WriteApplied' && !wasKnown) {
          const { id: kept, replaces } = event.fields;
          for (const lost of replaces.split(' ')) {
            if (lost !== '' && areConcurrent(lost, kept, memory)) found.push({ lost, kept });
          }
        }
      }
      return found;
    },
    summary: ({ lost, kept }) => `${lost}, for ${kept}`,
  });
}

export const derivedEvents = {
  ConcurrentWriteLost: discarded(false),
  KnownWriteWon: discarded(true),
};
