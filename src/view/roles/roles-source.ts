/** The source of the State Machine panel: standings, where nodes are, and what was taken. */
import { isOff, type Moment } from '../../kernel/seam/moment.ts';
import type { Standings } from '../../protocol/standings.ts';
import type { Reading } from '../../session/read/reading.ts';
import { unmarked } from '../text/marked.ts';
import { heldByText, labels } from '../panel-words/roles.ts';
import { rolesToMermaid } from './roles-mermaid.ts';
import type { RolesSelection, RolesView, StateView, TransitionView } from './roles-view.ts';
import { type TakenTransition, TransitionRecord } from './transition-record.ts';
import {
  bootStandings, declaredCause, isUnnamed, type OthersNow, reachable, type StandingsNow,
  standingsOf, type Transition, transitionsIn, transitionsOfOthers,
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
  const { role, node, others } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (role === null) return { role };
  if (typeof role !== 'string' || (others !== undefined && typeof others !== 'boolean')) {
    return undefined;
  }
  const of = { role, ...(others !== undefined && { others }) };
  if (node === undefined) return of;
  return typeof node === 'string' ? { ...of, node } : undefined;
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
function passedIn({ code, cursor, entered, inside, moment }: Reading): TakenTransition[] {
  const now: StandingsNow = new Map();
  const others: OthersNow = new Map();
  const { roles } = code.protocol;
  const pass = (one: Moment) =>
    [...transitionsIn(one, now), ...transitionsOfOthers(one, roles, others)];
  if (entered?.type !== 'start') pass(moment);
  const { time } = inside!.moment;
  return pass(inside!.moment).map((one) => ({ ...one, step: cursor.step + 1, time }));
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
    others: standingsOf(protocol.roles, name, 'others') !== undefined,
  }));
  const chosen = roles.find(({ name }) => name === selection.role);
  const role = chosen ?? roles.find(({ declares }) => declares) ?? roles[0];
  if (role === undefined) return { ...nothing, roles };
  const node = 'node' in selection ? role.nodes.find((id) => id === selection.node) : undefined;
  const nodes = node === undefined ? role.nodes : [node];
  // What others hold them to be is why such a protocol exists, so it is shown first.
  const others = role.others && !('others' in selection && selection.others === false);
  const part = others ? 'others' : 'standings';
  const standings = standingsOf(protocol.roles, role.name, part) ?? {};
  const taken = shown.taken.filter((one) =>
    nodes.includes(one.node) && (one.by !== undefined) === others && !isUnnamed(standings, one));
  const all = moment.nodes.filter((one) => one.role === role.name);
  const drawn = { standings, drawn: reachable(standings, all) };
  const states = statesOf(drawn, placesOf(moment, nodes, others), taken);
  const transitions = transitionsOf(drawn, taken, shown.step, others);
  const view = {
    roles, role: role.name, others, ...(node !== undefined && { node }),
    doc: unmarked(protocol.roles[role.name]?.doc ?? ''), states, transitions,
    off: moment.nodes
      .filter(({ id, status }) => nodes.includes(id) && isOff(status))
      .map(({ id, status }) => ({ node: id, status })),
    since: shown.since,
  };
  return { ...view, mermaid: rolesToMermaid(view) };
}

const nothing: RolesView = {
  roles: [], role: '', others: false, doc: '', states: [], transitions: [], off: [], since: 0,
  mermaid: '',
};

/** Which nodes have each standing. */
function placesOf(
  moment: Moment,
  nodes: readonly string[],
  others: boolean,
): ReadonlyMap<string, string[]> {
  const at = new Map<string, string[]>();
  const put = (standing: string, node: string) =>
    at.set(standing, [...(at.get(standing) ?? []), node]);
  const running = moment.nodes.filter(({ status }) => !isOff(status));
  if (others) {
    for (const id of nodes) {
      const held = new Map<string, string[]>();
      for (const { id: by, look } of running) {
        const standing = look.others?.[id];
        if (standing !== undefined) held.set(standing, [...(held.get(standing) ?? []), by]);
      }
      for (const [standing, by] of held) put(standing, held.size === 1 ? id : heldByText(id, by));
    }
    return at;
  }
  for (const { id, rank } of running) if (nodes.includes(id)) put(rank.standing ?? '', id);
  return at;
}

/** All that a role declares, and what its options leave of that. */
interface Declared {
  readonly standings: Standings;
  readonly drawn: Standings;
}

/** The declared ones, then what nodes show or showed besides. */
function statesOf(
  { standings, drawn }: Declared,
  at: ReadonlyMap<string, string[]>,
  taken: readonly TakenTransition[],
): StateView[] {
  const boots = bootStandings(standings);
  const passed = taken.flatMap(({ from, to }) => (from === null ? [to] : [from, to]));
  const names = new Set([...Object.keys(drawn), ...at.keys(), ...passed]);
  const declaresNone = Object.keys(standings).length === 0;
  // A role without standings has no diagram.
  if (declaresNone && names.size === 1 && names.has('')) return [];
  return [...names].map((standing) => {
    const isDeclared = Object.hasOwn(standings, standing);
    return {
      standing,
      doc: isDeclared ? unmarked(standings[standing]!.doc) : '',
      isDeclared,
      boots: boots.includes(standing),
      nodes: at.get(standing) ?? [],
    };
  });
}

function transitionsOf(
  { standings, drawn }: Declared,
  taken: readonly TakenTransition[],
  step: number,
  others: boolean,
): TransitionView[] {
  const all = new Map<string, TransitionView>();
  const add = (one: Pick<Transition, 'from' | 'to'>): TransitionView => {
    const key = JSON.stringify([one.from, one.to]);
    const known = all.get(key);
    if (known) return known;
    const declared = declaredCause(standings, one);
    const isHeardOf = declared !== undefined && one.from === null && others;
    const cause = isHeardOf ? labels.firstHeardOf : declared;
    const made = {
      from: one.from, to: one.to, cause: cause ?? '', isDeclared: cause !== undefined, count: 0,
      now: [],
    };
    all.set(key, made);
    return made;
  };
  for (const to of bootStandings(drawn)) add({ from: null, to });
  for (const [from, { to = {} }] of Object.entries(drawn)) {
    for (const next of Object.keys(to)) add({ from, to: next });
  }
  for (const one of taken) {
    const view = add(one);
    view.count++;
    const node = one.by === undefined ? one.node : heldByText(one.node, [one.by]);
    view.last = { step: one.step, time: one.time, node };
    if (one.step === step) view.now.push(node);
  }
  return [...all.values()];
}
