/** What a frame shows: state, message, effects, timers, mailbox, and the cluster around them. */
import { messageName, timerName } from '../../kernel/text/action-text.ts';
import { violationSentence } from '../../check/verdict-words.ts';
import { exactSecondsText, exactTimeText } from '../../kernel/text/duration.ts';
import type {
  EventMoment,
  MessageMoment,
  Moment,
  NodeMoment,
  StepEffects,
} from '../../kernel/seam/moment.ts';
import type { FunctionSite } from '../../code/transform/instrument.ts';
import { diskRows } from './disk-rows.ts';
import { clockRows, clocksOf } from './frame-clocks.ts';
import { type Local, theNode } from './locals.ts';
import { actionTitle, nodeName } from './names.ts';
import type { Entered, Reading } from './reading.ts';
import type { Frame, LineLook } from './stack.ts';
import { valueText } from './value.ts';
import {
  type Children,
  childrenOf,
  group,
  plainRow,
  rowsOf,
  type Variable,
  variableOf,
} from './variables.ts';

export interface FrameScope {
  /** The same for every node and message: editors keep open what was opened, by its name. */
  readonly name: string;
  /** What the editor may know about it: the arguments of the handler, the locals. */
  readonly hint?: 'arguments' | 'locals';
  /** True if editors should not open it by themselves: they open the first that is not. */
  readonly expensive: boolean;
  readonly children: Children;
  /** The function whose names it has. */
  readonly around?: FunctionSite;
}

/** The moment that a frame shows, and what led to it. */
export interface FrameMoment {
  readonly moment: Moment;
  /** The moment before the step of the frame; undefined if there is none to compare with. */
  readonly before?: Moment;
  readonly effects?: StepEffects;
  readonly action?: Entered | null;
  /** Inside a handler: the names of the function there. */
  readonly locals?: readonly Local[];
  readonly constants?: readonly Local[];
}

export function momentOf(reading: Reading, frame: Frame): FrameMoment {
  const look = frame.look?.();
  const constants = look ? { constants: look.frame.constants } : {};
  const locals = look ? { locals: look.frame.locals, ...constants } : {};
  if (frame.inside) {
    const { moment, entered: action } = reading;
    if (!look) return { moment, action };
    const { moment: there, effects } = look.moment;
    // Before the start there is no moment to compare with.
    const before = action?.type === 'start' ? {} : { before: moment };
    return { moment: there, ...before, effects, action, ...locals };
  }
  const explained = reading.explain(frame.step);
  if (explained === undefined) return { moment: reading.moment };
  const { action } = explained;
  const before = action ? { before: explained.before } : {};
  if (look && frame.atLine) {
    const { moment, effects } = look.moment;
    return { moment, ...before, effects, action, ...locals };
  }
  const moment = frame.isNow ? presentOf(reading) : explained.after;
  const at = look && { locals: settled(look, moment, frame.node), ...constants };
  return { moment, ...before, effects: explained.effects, action, ...at };
}

/** The moment that the debugger shows: inside an action, the one before the line of the cursor. */
export function presentOf({ inside, moment }: Reading): Moment {
  return inside?.moment ?? moment;
}

/**
 * The event at which the session stopped, in the frames of its step: inside an action it is about
 * to be reported.
 */
export function eventAt(reading: Reading, { inside, step }: Frame): EventMoment | undefined {
  const { stop, trace, cursor } = reading;
  if (stop.event === undefined || inside !== (cursor.inside !== null)) return undefined;
  if (inside) return trace?.effects.events[stop.event];
  return step === cursor.step ? reading.explain(step)?.effects.events[stop.event] : undefined;
}

/** Locals that alias parts of the state, as the whole step left them: one moment is shown. */
function settled(look: LineLook, moment: Moment, node?: number): readonly Local[] {
  const { frame } = look;
  if (node === undefined) return frame.locals;
  const { state: then } = look.moment.moment.nodes[node];
  const { state: now } = moment.nodes[node];
  const parts = new Map<unknown, unknown>([[then, now]]);
  for (const key of Object.keys(then)) {
    if (typeof then[key] === 'object' && then[key] !== null) parts.set(then[key], now[key]);
  }
  return frame.locals.map(([name, value]) => [name, parts.has(value) ? parts.get(value) : value]);
}

export function scopesOf(reading: Reading, frame: Frame): FrameScope[] {
  const shown = momentOf(reading, frame);
  const { moment, before, effects, locals, constants = [] } = shown;
  // Sorted on each access.
  const { messages } = moment;
  const scopes: (FrameScope | undefined)[] = [];
  if (frame.node !== undefined) scopes.push(stateScope(moment, frame.node, before));
  const around = functionAround(reading, frame);
  if (locals) scopes.push(namesScope('Locals', locals, moment.wording, around));
  // Editors open the first scope: the locals inside a handler, else what the step changed.
  if (reading.cursor.inside) scopes.reverse();
  scopes.push(eventScope(eventAt(reading, frame)));
  if (frame.node !== undefined) scopes.push(receivedScope(frame, shown));
  if (effects) scopes.push(effectsScope(effects, shown));
  if (frame.node !== undefined) {
    scopes.push(diskScope(moment, frame.node));
    scopes.push(timersScope(moment, frame.node), clocksScope(reading, frame));
    scopes.push(connectionsScope(moment, frame.node));
    scopes.push(mailboxScope(moment, messages, frame.node));
  }
  scopes.push(clusterScope(moment, before), networkScope(moment, messages));
  scopes.push(namesScope('Constants', constants, moment.wording));
  return scopes.filter((scope) => scope !== undefined);
}

function functionAround({ code }: Reading, frame: Frame): FunctionSite | undefined {
  const site = frame.look?.()?.frame.site;
  return site && code.variants?.functions[site.function];
}

function namesScope(
  name: 'Locals' | 'Constants',
  locals: readonly Local[],
  { units }: Moment['wording'],
  around?: FunctionSite,
): FrameScope | undefined {
  // The node is shown as its state.
  const shown = locals.filter(([, value]) => value !== theNode);
  if (shown.length === 0) return undefined;
  const rows = () =>
    shown.map(([local, value]) => variableOf(local, value, { expression: local, units }));
  const children = rowsOf(shown.length, rows);
  if (name === 'Constants') return { name, expensive: true, children };
  const range = around ? { around } : {};
  return { name, hint: 'locals', expensive: false, children, ...range };
}

function stateScope(
  moment: Moment,
  node: number,
  before: Moment | undefined,
): FrameScope | undefined {
  const children = stateChildren(moment, node, before);
  return children && { name: 'State', hint: 'locals', expensive: false, children };
}

/** Durable fields first; the type says which they are. */
function stateChildren(
  moment: Moment,
  index: number,
  before: Moment | undefined,
): Children | undefined {
  const node = moment.nodes[index];
  const durable = new Set<string>(node.durable);
  const sorted = Object.fromEntries(
    Object.entries(node.state).sort(([a], [b]) => Number(durable.has(b)) - Number(durable.has(a))),
  );
  const children = childrenOf(sorted, {
    expression: `${node.id}.state`,
    part: { node: index, path: [] },
    units: moment.wording.units,
    ...(before?.nodes[index] ? { before: { value: before.nodes[index].state } } : {}),
  });
  if (!children) return undefined;
  const marked = (row: Variable) => ({
    ...row,
    type: `${row.type}, ${durable.has(row.name) ? 'durable' : 'volatile'}`,
  });
  return {
    ...children,
    list: (start, count) => children.list(start, count).map(marked),
    row: (name) => {
      const row = children.row(name);
      return row && marked(row);
    },
  };
}

function eventScope(event: EventMoment | undefined): FrameScope | undefined {
  if (event === undefined) return undefined;
  const { name, node, fields } = event;
  const children = childrenOf({ ...fields, name, node }, { expression: 'event' });
  return children && { name: 'Event', expensive: false, children };
}

function receivedScope(frame: Frame, { moment, before, action }: FrameMoment) {
  const { handler } = frame;
  const { units } = moment.wording;
  const scope = (name: string, children: Children | undefined): FrameScope | undefined =>
    children && { name, hint: 'arguments', expensive: false, children };
  if (handler?.message) {
    const { body, from, to } = handler.message;
    return scope('Message', childrenOf({ ...body, from, to }, { expression: 'message', units }));
  }
  if (handler?.kind === 'operation') {
    return scope('Arguments', childrenOf(action?.type === 'invoke' ? action.args : {}, { units }));
  }
  if (handler?.kind === 'timer') {
    const key = action?.type === 'fire' ? action.key : '';
    const { alarms } = (before ?? moment).nodes[handler.node];
    const data = alarms.find((one) => one.name === handler.name && one.key === key)?.data;
    const fields = { timer: handler.name, ...(data === undefined ? {} : { data }) };
    return scope('Timer', childrenOf(fields, { units }));
  }
  return undefined;
}

function effectsScope(effects: StepEffects, { action, before, moment }: FrameMoment): FrameScope {
  const isAction = action && before && action.type !== 'start';
  const did = isAction ? [plainRow('did', actionTitle(before, action))] : [];
  const rows = [...did, ...effectRows(effects, moment.wording)];
  return { name: 'This step', expensive: false, children: rowsOf(rows.length, () => rows) };
}

/** Each row names its node: at the start all nodes boot in one step. */
function effectRows(effects: StepEffects, { units }: Moment['wording']): Variable[] {
  const rows: Variable[] = [];
  for (const { name, node, fields } of effects.events) {
    rows.push({ ...variableOf(`${node} reported ${name}`, fields, { units }), type: 'event' });
  }
  for (const message of effects.sent) {
    const fate = message.lost === '' ? '' : `  (lost: ${message.lost})`;
    const name = `${message.from} sent ${message.body.type} → ${message.to}`;
    const row = variableOf(name, message.body, { units });
    rows.push({ ...row, value: `${row.value}${fate}`, type: messageName(message) });
  }
  for (const { node, timer, key, at } of effects.timers) {
    const text = at < 0 ? 'cancelled' : `fires at ${exactSecondsText(at)}`;
    rows.push(plainRow(`timer ${timerName(timer, key)} of ${node}`, text));
  }
  for (const { operation, ok, result } of effects.replies) {
    rows.push(variableOf(`${ok ? 'answered' : 'failed'} ${operation}`, result, { units }));
  }
  if (effects.lost) {
    const isAgain = effects.again >= 0;
    const again = isAgain ? `: it is sent again at ${exactSecondsText(effects.again)}` : '';
    const why = 'the host of the receiver does not know the connection, and answered with an RST';
    const fate = effects.refused ? why : `the message did not reach its receiver${again}`;
    rows.push(plainRow(effects.refused ? 'refused' : 'lost', fate));
  }
  if (effects.failure) rows.push(plainRow('threw', effects.failure.message));
  for (const violation of effects.violations) {
    rows.push(plainRow(`violated: ${violation.monitor}`, violationSentence(violation, units)));
  }
  return rows;
}

function diskScope(moment: Moment, node: number): FrameScope | undefined {
  const rows = diskRows(moment, node);
  if (rows.length === 0) return undefined;
  return { name: 'Disk', expensive: false, children: rowsOf(rows.length, () => rows) };
}

function timersScope(moment: Moment, index: number): FrameScope {
  const node = moment.nodes[index];
  const count = node.alarms.length + 1;
  const children = rowsOf(count, () => timerRows(moment, node));
  return { name: 'Timers and clock', expensive: false, children };
}

function timerRows({ time, wording }: Moment, node: NodeMoment): Variable[] {
  const rows = node.alarms.map(({ name, key, at, data }) => {
    const title = timerName(name, key);
    const held = data === undefined ? '' : `, with ${valueText(data, 40, wording.units)}`;
    const fires = `fires in ${exactTimeText(at - time)}, at ${exactSecondsText(at)}`;
    return plainRow(title, `${fires}${held}`);
  });
  const reading = node.clockAt(time);
  const off = reading - time;
  const wrong = off === 0 ? '' : ` (${off > 0 ? '+' : ''}${exactTimeText(off)})`;
  const drift = node.drift === 0 ? '' : `, drifts by ${Math.round(node.drift * 1e6)} ppm`;
  const clock = `${exactSecondsText(reading)}${wrong}${drift}`;
  return [...rows, plainRow('clock', clock, `${node.id}.clock`)];
}

function clocksScope(reading: Reading, frame: Frame): FrameScope | undefined {
  const time = clocksOf(reading, frame);
  if (time === undefined) return undefined;
  const rows = clockRows(reading, time, frame.handler?.message);
  return { name: 'Clocks', expensive: false, children: rowsOf(rows.length, () => rows) };
}

function connectionsScope({ nodes, time }: Moment, index: number): FrameScope | undefined {
  const { connections } = nodes[index];
  if (connections.length === 0) return undefined;
  const rows = connections.map(({ id, peer, status, waiting, againAt }) => {
    const messages = waiting === 1 ? '1 message' : `${waiting} messages`;
    const wait = `${messages} sent again in ${exactTimeText(againAt - time)}`;
    return plainRow(id, `${status}, ${peer}${waiting === 0 ? '' : `, ${wait}`}`);
  });
  return { name: 'Connections', expensive: false, children: rowsOf(rows.length, () => rows) };
}

function mailboxScope(
  moment: Moment,
  messages: Moment['messages'],
  node: number,
): FrameScope | undefined {
  const coming = messages.filter(({ toIndex }) => toIndex === node);
  if (coming.length === 0) return undefined;
  const rows = () => coming.map((message) => messageRow(moment, message));
  return { name: 'Mailbox', expensive: false, children: rowsOf(coming.length, rows) };
}

function messageRow(moment: Moment, message: MessageMoment): Variable {
  const { units } = moment.wording;
  const row = variableOf(messageName(message), message.body, { units });
  const isHeld = moment.nodes[message.toIndex].status === 'paused';
  const isWaiting = moment.nodes[message.fromIndex].connections.some(
    ({ id, waiting, againAt }) => {
      return id === message.connection && waiting > 0 && againAt === message.at;
    },
  );
  const left = exactTimeText(Math.max(0, message.at - moment.time));
  const when = isHeld ? 'waits for its receiver' : `${isWaiting ? 'sent again ' : ''}in ${left}`;
  return { ...row, value: `${row.value}  ${when}`, virtual: true };
}

function clusterScope(moment: Moment, before: Moment | undefined): FrameScope {
  const rows = () =>
    moment.nodes.map((node, index): Variable => {
      const children = stateChildren(moment, index, before);
      const old = before?.nodes[index];
      const was = old !== undefined && old !== node ? nodeName(old) : undefined;
      const name = nodeName(node);
      const changed = was === undefined || was === name ? '' : `  ← was ${was}`;
      return {
        name: node.id,
        value: `${name}${changed}`,
        type: node.role,
        expression: node.id,
        virtual: true,
        ...(children ? { children } : {}),
      };
    });
  return { name: 'Cluster', expensive: true, children: rowsOf(moment.nodes.length, rows) };
}

function networkScope(moment: Moment, messages: Moment['messages']): FrameScope {
  const { time } = moment;
  const cuts = cutLinks(moment);
  const flying = () => messages.map((message) => messageRow(moment, message));
  const rows = [
    plainRow('time', exactSecondsText(time), 'time'),
    group('in flight', String(messages.length), flying, messages.length),
    plainRow('cut links', cuts.length === 0 ? 'none' : cuts.join(', ')),
  ];
  return { name: 'Network', expensive: true, children: rowsOf(rows.length, () => rows) };
}

function cutLinks(moment: Moment): string[] {
  if (!moment.hasCuts) return [];
  const { nodes } = moment;
  return nodes.flatMap((from) =>
    nodes
      .filter((to) => moment.isCut(from.index, to.index))
      .map((to) => `${from.id} → ${to.id}`),
  );
}
