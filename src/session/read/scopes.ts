/** What a frame shows: state, message, effects, timers, mailbox, and the cluster around them. */
import { formatDuration, preciseMomentText } from '../../kernel/text/duration.ts';
import type { Effects } from '../../kernel/effects.ts';
import { messagesInFlight } from '../../kernel/network/in-flight.ts';
import type { Message } from '../../kernel/pending.ts';
import { messageName } from '../../kernel/text/action-text.ts';
import { violationSentence } from '../../check/verdict-words.ts';
import { type Slot, wallClock, type World } from '../../kernel/world.ts';
import type { Entered } from '../entry.ts';
import type { FunctionSite } from '../../code/transform/instrument.ts';
import { type Local, theNode } from '../lines.ts';
import { actionName, nodeName } from './names.ts';
import type { Session } from '../session.ts';
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
  /** True where it is not to be opened unasked: editors open the first that may be. */
  readonly expensive: boolean;
  readonly children: Children;
  /** The function whose names it has. */
  readonly around?: FunctionSite;
}

/** The moment that a frame shows, and what led to it. */
export interface FrameMoment {
  readonly world: World;
  /** The world before the step of the frame. */
  readonly before?: World;
  readonly effects?: Effects;
  readonly action?: Entered | null;
  /** Inside of a handler: the names of the function there. */
  readonly locals?: readonly Local[];
  readonly constants?: readonly Local[];
}

export function momentOf(session: Session, frame: Frame): FrameMoment {
  const look = frame.look?.();
  const constants = look ? { constants: look.frame.constants } : {};
  const locals = look ? { locals: look.frame.locals, ...constants } : {};
  if (frame.inside) {
    const { world, entered: action } = session;
    if (!look) return { world, action };
    const { world: there, effects } = look.moment;
    // Before the start there is nothing to compare with.
    const before = action?.type === 'start' ? {} : { before: world };
    return { world: there, ...before, effects, action, ...locals };
  }
  const explained = session.explanations.of(session.branch.run, frame.step);
  const { action } = explained;
  const before = action ? { before: explained.before } : {};
  if (look && frame.atLine) {
    const { world, effects } = look.moment;
    return { world, ...before, effects, action, ...locals };
  }
  const world = frame.step === session.step ? session.world : explained.after;
  const at = look && { locals: settled(look, world, frame.node), ...constants };
  return { world, ...before, effects: explained.effects, action, ...at };
}

/** Locals that are parts of the state, as the whole step left them: one moment is shown. */
function settled({ moment, frame }: LineLook, world: World, node?: number): readonly Local[] {
  if (node === undefined) return frame.locals;
  const { state: then } = moment.world.nodes[node];
  const { state: now } = world.nodes[node];
  const parts = new Map<unknown, unknown>([[then, now]]);
  for (const key of Object.keys(then)) {
    if (typeof then[key] === 'object' && then[key] !== null) parts.set(then[key], now[key]);
  }
  return frame.locals.map(([name, value]) => [name, parts.has(value) ? parts.get(value) : value]);
}

export function scopesOf(session: Session, frame: Frame): FrameScope[] {
  const moment = momentOf(session, frame);
  const { world, before, effects, locals, constants = [] } = moment;
  const scopes: (FrameScope | undefined)[] = [];
  if (frame.node !== undefined) scopes.push(stateScope(world, frame.node, before));
  const around = functionAround(session, frame);
  if (locals) scopes.push(namesScope('Locals', locals, around));
  // Editors open the first scope: the locals while a handler is gone through, else what it changed.
  if (session.moment.inside) scopes.reverse();
  if (frame.node !== undefined) scopes.push(receivedScope(frame, moment));
  if (effects) scopes.push(effectsScope(effects, moment));
  if (frame.node !== undefined) {
    scopes.push(timersScope(world, frame.node), mailboxScope(world, frame.node));
  }
  scopes.push(clusterScope(world, before), networkScope(world), namesScope('Constants', constants));
  return scopes.filter((scope) => scope !== undefined);
}

function functionAround({ code }: Session, frame: Frame): FunctionSite | undefined {
  const site = frame.look?.()?.frame.site;
  return site && code.variants?.functions[site.function];
}

function namesScope(
  name: 'Locals' | 'Constants',
  locals: readonly Local[],
  around?: FunctionSite,
): FrameScope | undefined {
  // The node is shown as its state.
  const shown = locals.filter(([, value]) => value !== theNode);
  if (shown.length === 0) return undefined;
  const rows = () => shown.map(([local, value]) => variableOf(local, value, { expression: local }));
  const children = rowsOf(shown.length, rows);
  if (name === 'Constants') return { name, expensive: true, children };
  const range = around ? { around } : {};
  return { name, hint: 'locals', expensive: false, children, ...range };
}

function stateScope(world: World, node: number, before: World | undefined): FrameScope | undefined {
  const children = stateChildren(world, node, before);
  return children && { name: 'State', hint: 'locals', expensive: false, children };
}

/** Durable fields first; the type says which they are. */
function stateChildren(
  world: World,
  node: number,
  before: World | undefined,
): Children | undefined {
  const slot = world.nodes[node];
  const durable = new Set<string>(slot.cast.role.durable ?? []);
  const sorted = Object.fromEntries(
    Object.entries(slot.state).sort(([a], [b]) => Number(durable.has(b)) - Number(durable.has(a))),
  );
  const children = childrenOf(sorted, {
    expression: `${slot.id}.state`,
    part: { node, path: [] },
    ...(before ? { before: { value: before.nodes[node].state } } : {}),
  });
  if (!children) return undefined;
  const marked = (row: Variable) => ({
    ...row,
    type: `${row.type}, ${durable.has(row.name) ? 'durable' : 'volatile'}`,
  });
  return { ...children, list: (start, count) => children.list(start, count).map(marked) };
}

function receivedScope(frame: Frame, moment: FrameMoment): FrameScope | undefined {
  const { handler } = frame;
  const message = handler?.message;
  const scope = (name: string, children: Children | undefined): FrameScope | undefined =>
    children && { name, hint: 'arguments', expensive: false, children };
  if (message) {
    const value = { ...message.body, from: message.from, to: message.to };
    return scope('Message', childrenOf(value, { expression: 'message' }));
  }
  if (handler?.kind === 'operation') {
    const asked = moment.action;
    const args = asked?.type === 'invoke' ? asked.args : {};
    return scope('Arguments', childrenOf(args));
  }
  if (handler?.kind === 'timer') {
    const before = moment.before ?? moment.world;
    const timer = before.nodes[handler.node].timers.find(({ name }) => name === handler.name);
    const value = {
      timer: handler.name,
      ...(timer?.data === undefined ? {} : { data: timer.data }),
    };
    return scope('Timer', childrenOf(value));
  }
  return undefined;
}

function effectsScope(effects: Effects, { action, before }: FrameMoment): FrameScope {
  const isAction = action && before && action.type !== 'start';
  const did = isAction ? [plainRow('did', actionName(before, action))] : [];
  const rows = [...did, ...effectRows(effects)];
  return { name: 'This step', expensive: false, children: rowsOf(rows.length, () => rows) };
}

function effectRows(effects: Effects): Variable[] {
  const rows: Variable[] = [];
  for (const { name, node, fields } of effects.events) {
    rows.push({ ...variableOf(`reported ${name}`, fields), type: `event of ${node}` });
  }
  for (const message of effects.sent) {
    const fate = message.lost === '' ? '' : `  (lost: ${message.lost})`;
    const name = `sent ${message.body.type} → ${message.to}`;
    const row = variableOf(name, message.body);
    rows.push({ ...row, value: `${row.value}${fate}`, type: messageName(message) });
  }
  for (const { timer, key, at } of effects.timers) {
    const name = key === '' ? timer : `${timer}[${key}]`;
    const text = at < 0 ? 'cancelled' : `fires at ${preciseMomentText(at)}`;
    rows.push(plainRow(`timer ${name}`, text));
  }
  for (const { operation, ok, result } of effects.replies) {
    rows.push(variableOf(`${ok ? 'answered' : 'failed'} ${operation}`, result));
  }
  if (effects.lost) rows.push(plainRow('lost', 'the message did not reach its receiver'));
  if (effects.failure) rows.push(plainRow('threw', effects.failure.message));
  for (const violation of effects.violations) {
    rows.push(plainRow(`broken: ${violation.monitor}`, violationSentence(violation)));
  }
  return rows;
}

function timersScope(world: World, node: number): FrameScope {
  const slot = world.nodes[node];
  const rows = () => timerRows(world, slot);
  const count = slot.timers.filter(({ isSet }) => isSet).length + 1;
  return { name: 'Timers and clock', expensive: false, children: rowsOf(count, rows) };
}

function timerRows(world: World, slot: Slot): Variable[] {
  const set = slot.timers.filter(({ isSet }) => isSet).sort((a, b) => a.at - b.at);
  const rows = set.map(({ name, key, at, data }) => {
    const title = key === '' ? name : `${name}[${key}]`;
    const held = data === undefined ? '' : `, with ${valueText(data, 40)}`;
    return plainRow(
      title,
      `fires in ${formatDuration(at - world.time)}, at ${preciseMomentText(at)}${held}`,
    );
  });
  const reading = wallClock(slot, world.time);
  const off = reading - world.time;
  const wrong = off === 0 ? '' : ` (${off > 0 ? '+' : ''}${formatDuration(off)})`;
  const drift = slot.drift === 0 ? '' : `, drifts by ${Math.round(slot.drift * 1e6)} ppm`;
  const text = `${preciseMomentText(reading)}${wrong}${drift}`;
  return [...rows, plainRow('clock', text, `${slot.id}.clock`)];
}

function mailboxScope(world: World, node: number): FrameScope | undefined {
  const coming = messagesInFlight(world).filter(({ toIndex }) => toIndex === node);
  if (coming.length === 0) return undefined;
  const rows = () => coming.map((message) => messageRow(world, message));
  return { name: 'Mailbox', expensive: false, children: rowsOf(coming.length, rows) };
}

function messageRow(world: World, message: Message): Variable {
  const row = variableOf(messageName(message), message.body);
  const held = world.nodes[message.toIndex].paused;
  const when = held
    ? 'waits for its receiver'
    : `in ${formatDuration(Math.max(0, message.at - world.time))}`;
  return { ...row, value: `${row.value}  ${when}`, virtual: true };
}

function clusterScope(world: World, before: World | undefined): FrameScope {
  const rows = () =>
    world.nodes.map((slot, index): Variable => {
      const children = stateChildren(world, index, before);
      const was =
        before && before.nodes[index] !== slot ? nodeName(before.nodes[index]) : undefined;
      const name = nodeName(slot);
      const changed = was === undefined || was === name ? '' : `  ← was ${was}`;
      return {
        name: slot.id,
        value: `${name}${changed}`,
        type: slot.role,
        expression: slot.id,
        virtual: true,
        ...(children ? { children } : {}),
      };
    });
  return { name: 'Cluster', expensive: true, children: rowsOf(world.nodes.length, rows) };
}

function networkScope(world: World): FrameScope {
  const messages = messagesInFlight(world);
  const { network, plan } = world;
  const cuts: string[] = [];
  network.cut.forEach((isCut, link) => {
    const from = plan.cast[Math.floor(link / plan.size)].id;
    if (isCut === 1) cuts.push(`${from} → ${plan.cast[link % plan.size].id}`);
  });
  const flying = () => messages.map((message) => messageRow(world, message));
  const rows = [
    plainRow('time', preciseMomentText(world.time), 'time'),
    group('in flight', String(messages.length), flying, messages.length),
    plainRow('cut links', cuts.length === 0 ? 'none' : cuts.join(', ')),
  ];
  return { name: 'Network', expensive: true, children: rowsOf(rows.length, () => rows) };
}
