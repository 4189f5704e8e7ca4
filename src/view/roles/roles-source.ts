/** The source of the State Machine panel: standings, where nodes are, and what was taken. */
import { isOff, type Moment } from '../../kernel/seam/moment.ts';
import type { Standings } from '../../protocol/standings.ts';
import type { Reading } from '../../session/read/reading.ts';
import { rolesToMermaid } from './roles-mermaid.ts';
import type { RolesSelection, RolesView, StateView, TransitionView } from './roles-view.ts';
import { type TakenTransition, TransitionRecord } from './transition-record.ts';
import {
  bootStandings, declaredCause, isUnnamed, type StandingsNow, standingsOf, type Transition,
  transitionsIn,
} from './transitions.ts';

export interface RolesSource {
  readonly selection: RolesSelection;
  selected(value: unknown): RolesSelection | undefined;
  view(reading: Reading, selection: RolesSelection): RolesView;
  asked(): undefined;
  answer(): null;
}

export function rolesSource(): RolesSource {
  const record = new TransitionRecord();
  return {
    selection: { role: null },
    selected: selectionIn,
    view: (reading, selection) => rolesOf(reading, selection, record),
    asked: () => undefined,
    answer: () => null,
  };
}

function selectionIn(value: unknown): RolesSelection | undefined {
  const { role, node } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (role === null) return { role };
  if (typeof role !== 'string') return undefined;
  if (node === undefined) return { role };
  return typeof node === 'string' ? { role, node } : undefined;
}

function rolesOf(
  reading: Reading,
  selection: RolesSelection,
  record: TransitionRecord,
): RolesView {
  const { cursor, inside, entered, moment } = reading;
  const before = entered?.type === 'start' ? [] : record.at(reading);
  const taken = inside === undefined ? before : [...before, ...passedIn(reading)];
  const step = inside === undefined ? cursor.step : cursor.step + 1;
  const { since } = record;
  return rolesView({ moment: inside?.moment ?? moment, reading, taken, step, since }, selection);
}

/** What the statements of the entered action have done so far. */
function passedIn({ cursor, entered, inside, moment }: Reading): TakenTransition[] {
  const now: StandingsNow = new Map();
  if (entered?.type !== 'start') transitionsIn(moment, now);
  const { time } = inside!.moment;
  return transitionsIn(inside!.moment, now).map((one) => ({ ...one, step: cursor.step + 1, time }));
}

interface Shown {
  readonly moment: Moment;
  readonly reading: Reading;
  readonly taken: readonly TakenTransition[];
  /** The step whose transitions are marked. */
  readonly step: number;
  readonly since: number;
}

function rolesView(shown: Shown, selection: RolesSelection): RolesView {
  const { moment, reading: { code: { protocol } } } = shown;
  const names = [...new Set(moment.nodes.map(({ role }) => role))];
  const roles = names.map((name) => ({
    name,
    nodes: moment.nodes.filter(({ role }) => role === name).map(({ id }) => id),
    declares: standingsOf(protocol.roles, name) !== undefined,
  }));
  const chosen = roles.find(({ name }) => name === selection.role);
  const role = chosen ?? roles.find(({ declares }) => declares) ?? roles[0];
  if (role === undefined) return { ...nothing, roles };
  const node = 'node' in selection ? role.nodes.find((id) => id === selection.node) : undefined;
  const nodes = node === undefined ? role.nodes : [node];
  const standings = standingsOf(protocol.roles, role.name) ?? {};
  const taken = shown.taken.filter((one) =>
    nodes.includes(one.node) && !isUnnamed(standings, one));
  const states = statesOf(standings, moment, nodes, taken);
  const transitions = transitionsOf(standings, taken, shown.step);
  const view = {
    roles, role: role.name, ...(node !== undefined && { node }),
    doc: protocol.roles[role.name]?.doc ?? '', states, transitions,
    off: moment.nodes
      .filter(({ id, status }) => nodes.includes(id) && isOff(status))
      .map(({ id, status }) => ({ node: id, status })),
    since: shown.since,
  };
  return { ...view, mermaid: rolesToMermaid(view) };
}

const nothing: RolesView = {
  roles: [], role: '', doc: '', states: [], transitions: [], off: [], since: 0, mermaid: '',
};

/** The declared ones, then what nodes show or showed besides. */
function statesOf(
  standings: Standings,
  moment: Moment,
  nodes: readonly string[],
  taken: readonly TakenTransition[],
): StateView[] {
  const boots = bootStandings(standings);
  const at = new Map<string, string[]>();
  for (const { id, status, rank } of moment.nodes) {
    if (!nodes.includes(id) || isOff(status)) continue;
    const standing = rank.standing ?? '';
    at.set(standing, [...(at.get(standing) ?? []), id]);
  }
  const passed = taken.flatMap(({ from, to }) => (from === null ? [to] : [from, to]));
  const names = new Set([...Object.keys(standings), ...at.keys(), ...passed]);
  const declaresNone = Object.keys(standings).length === 0;
  // A role without standings has no diagram.
  if (declaresNone && names.size === 1 && names.has('')) return [];
  return [...names].map((standing) => {
    const isDeclared = Object.hasOwn(standings, standing);
    return {
      standing,
      doc: isDeclared ? standings[standing]!.doc : '',
      isDeclared,
      boots: boots.includes(standing),
      nodes: at.get(standing) ?? [],
    };
  });
}

function transitionsOf(
  standings: Standings,
  taken: readonly TakenTransition[],
  step: number,
): TransitionView[] {
  const all = new Map<string, TransitionView>();
  const add = (one: Pick<Transition, 'from' | 'to'>): TransitionView => {
    const key = JSON.stringify([one.from, one.to]);
    const known = all.get(key);
    if (known) return known;
    const cause = declaredCause(standings, one);
    const made = {
      from: one.from, to: one.to, cause: cause ?? '', isDeclared: cause !== undefined, count: 0,
      now: [],
    };
    all.set(key, made);
    return made;
  };
  for (const to of bootStandings(standings)) add({ from: null, to });
  for (const [from, { to = {} }] of Object.entries(standings)) {
    for (const next of Object.keys(to)) add({ from, to: next });
  }
  for (const one of taken) {
    const view = add(one);
    view.count++;
    view.last = { step: one.step, time: one.time, node: one.node };
    if (one.step === step) view.now.push(one.node);
  }
  return [...all.values()];
}
