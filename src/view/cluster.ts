/** A world → the picture of the cluster at that moment. */
import type { Look, Micros } from '../protocol/types.ts';
import type { Effects } from '../kernel/effects.ts';
import { equal } from '../kernel/data/plain.ts';
import { messagesInFlight } from '../kernel/network/in-flight.ts';
import { messageName } from '../kernel/text/action-text.ts';
import { type Slot, wallClock, type World } from '../kernel/world.ts';
import type { ClusterView, LogView, MessageView, NodeView, TimerView } from './contract.ts';
import { fieldsText, shortText } from './words.ts';
import { durationText } from '../kernel/text/duration.ts';

/** How many log entries a node shows: the last ones. */
const logWindow = 12;
/** How many messages in flight are drawn: those that arrive first. */
const messageWindow = 60;

/** `before` is the world one step earlier, for what changed; `effects` are those of that step. */
export function clusterView(
  world: World,
  before: World | null,
  effects: Effects | null,
): ClusterView {
  return {
    nodes: world.nodes.map((slot, index) =>
      nodeView(world, slot, before?.nodes[index] ?? null, effects?.acted === index),
    ),
    messages: messageViews(world, effects),
    cuts: cuts(world),
    islands: islands(world),
  };
}

/** `leader · term 2`, or what of it the role tells; `crashed` and `paused` come first. */
export function standingText(slot: Slot): string {
  const look = slot.look;
  const parts: string[] = [];
  if (!slot.up) parts.push('crashed');
  else if (slot.paused) parts.push('paused');
  if (slot.up && look.standing) parts.push(look.standing);
  if (look.epoch) parts.push(`${look.epoch.name} ${look.epoch.value}`);
  return parts.join(' · ');
}

function nodeView(world: World, slot: Slot, before: Slot | null, acted: boolean): NodeView {
  const look = slot.look;
  const old = before === null || before === slot ? null : before.look;
  return {
    id: slot.id,
    role: slot.role,
    status: !slot.up ? 'crashed' : slot.paused ? 'paused' : 'up',
    standing: slot.up ? (look.standing ?? '') : '',
    tone: slot.up ? (look.tone ?? 'none') : 'none',
    ...(look.epoch ? { epoch: look.epoch } : {}),
    acted,
    facts: Object.entries(look.facts ?? {}).map(([name, value]) => ({
      name,
      value: shortText(value),
      changed: old !== null && !equal(old.facts?.[name], value),
    })),
    ...(look.log ? { log: logView(look.log, old?.log) } : {}),
    timers: slot.up ? timerViews(world, slot) : [],
    clock: clockText(world, slot),
    waiting: slot.held.length,
  };
}

function logView(log: NonNullable<Look['log']>, old: Look['log']): LogView {
  const { entries, first } = log;
  const from = Math.max(0, entries.length - logWindow);
  return {
    before: from,
    committed: log.committed,
    entries: entries.slice(from).map((entry, offset) => {
      const index = first + from + offset;
      const earlier = old?.entries[index - old.first];
      return {
        index,
        epoch: entry.term,
        label: commandText(entry.command),
        committed: index <= log.committed,
        applied: index <= log.applied,
        changed: old !== undefined && !equal(earlier, entry),
      };
    }),
  };
}

/** A log entry's command: its values in their order, `put x 1`. */
function commandText(command: unknown): string {
  if (typeof command !== 'object' || command === null) return shortText(command, 20);
  const values = Object.values(command).filter(
    (value) => typeof value !== 'object' && value !== '',
  );
  return shortText(values.join(' '), 20);
}

function timerViews(world: World, slot: Slot): TimerView[] {
  return slot.timers
    .filter((timer) => timer.isSet)
    .map((timer) => {
      const left = Math.max(0, timer.at - world.time);
      const name = timer.key === '' ? timer.name : `${timer.name} ${timer.key}`;
      return { name, left, span: timer.at - timer.setAt, leftText: durationText(left) };
    });
}

function clockText(world: World, slot: Slot): string {
  const off: Micros = wallClock(slot, world.time) - world.time;
  const parts: string[] = [];
  if (off !== 0) parts.push(`${off > 0 ? '+' : '−'}${durationText(Math.abs(off))}`);
  if (slot.drift !== 0) {
    const ppm = Math.round(slot.drift * 1e6);
    parts.push(`${ppm > 0 ? '+' : '−'}${Math.abs(ppm)} ppm`);
  }
  return parts.join(', ');
}

function messageViews(world: World, effects: Effects | null): MessageView[] {
  const next = world.next();
  const fresh = new Set(effects?.sent);
  return messagesInFlight(world)
    .slice(0, messageWindow)
    .map((message) => {
      const span = message.at - message.sentAt;
      const left = Math.max(0, message.at - world.time);
      return {
        id: messageName(message),
        from: message.from,
        to: message.to,
        type: message.body.type,
        summary: fieldsText(message.body),
        progress: span > 0 ? Math.min(1, (world.time - message.sentAt) / span) : 1,
        leftText: durationText(left),
        next: message === next,
        fresh: fresh.has(message),
      };
    });
}

function cuts(world: World): ClusterView['cuts'] {
  const { plan, network } = world;
  const found: ClusterView['cuts'] = [];
  if (!network.isCut) return found;
  for (const from of plan.cast) {
    for (const to of plan.cast) {
      if (network.cut[from.index * plan.size + to.index] === 1)
        found.push({ from: from.id, to: to.id });
    }
  }
  return found;
}

/** Groups of nodes between which at least one link works, each node being in one group. */
function islands(world: World): string[][] {
  const { plan, network } = world;
  if (!network.isCut) return [];
  const island = plan.cast.map((cast) => cast.index);
  const root = (index: number): number => (island[index] === index ? index : root(island[index]));
  for (let a = 0; a < plan.size; a++) {
    for (let b = 0; b < a; b++) {
      const joined = network.cut[a * plan.size + b] === 0 || network.cut[b * plan.size + a] === 0;
      if (joined) island[root(a)] = root(b);
    }
  }
  const groups = new Map<number, string[]>();
  for (const cast of plan.cast) {
    const group = groups.get(root(cast.index)) ?? [];
    groups.set(root(cast.index), [...group, cast.id]);
  }
  return groups.size > 1 ? [...groups.values()] : [];
}
