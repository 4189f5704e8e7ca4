/**
 * Actions as text and back: the canonical form of traces, which the command language also reads.
 * `parseAction(actionText(action))` is the same action at time 0.
 */
import type { Json, NodeId } from '../../protocol/types.ts';
import type { Action, MessageName, NetworkRule } from '../action.ts';
import { findNotPlain } from '../data/plain-data.ts';
import type { Upcoming } from '../seam/moment.ts';
import { formatDuration, parseDuration, parseRange } from './duration.ts';
import { formatDrift, formatProbability, parseDrift, parseProbability } from './rate.ts';

type Of<Type extends Action['type']> = Extract<Action, { type: Type }>;

/** The action in the command language, without its time. */
export function actionText(action: Action | Upcoming): string {
  switch (action.type) {
    case 'deliver':
    case 'drop':
    case 'duplicate':
      return `${action.type} ${messageName(action)}`;
    case 'delay':
      return `delay ${messageName(action)} by ${formatDuration(action.by)}`;
    case 'fire':
      return `fire ${action.node} ${timerName(action.timer, action.key)}`;
    case 'postponed':
      return actionText(action.action);
    case 'invoke': {
      const waking = action.woken ? ' on waking' : '';
      return `${action.node} ${action.operation} ${jsonText(action.args)}${waking}`;
    }
    case 'crash':
    case 'restart':
    case 'resume':
      return `${action.type} ${action.node}`;
    case 'power-off':
    case 'unplug':
      return `${action.type.replace('-', ' ')} ${action.node}${forText(action.for)}`;
    case 'plug-in':
      return `plug in ${action.node}`;
    case 'reset':
      return `reset ${action.nodes.join(' - ')}`;
    case 'retransmit':
    case 'probe':
      return `${action.type} ${action.node} ${action.connection}`;
    case 'add':
      return `add ${action.node}: ${action.role}`;
    case 'pause':
      return `pause ${action.node}${forText(action.for)}`;
    case 'partition': {
      const groups = action.groups.map((group) => group.join(' ')).join(' | ');
      return `partition ${groups}${forText(action.for)}`;
    }
    case 'cut':
      return `cut ${linksText(action.from, action.to)}${forText(action.for)}`;
    case 'heal':
      return action.from ? `heal ${linksText(action.from, action.to)}` : 'heal';
    case 'disk':
      return `disk ${action.node} ${diskText(action)}`;
    case 'synced':
      return `disk ${action.node} synced`;
    case 'skew':
      return `clock ${action.node}${skewText(action)}`;
    case 'network':
      return `network ${ruleText(action.rule)}`;
  }
}

/** `n1->n3#4`, or `n1->n3#4.1` for its first duplicate. */
export function messageName(name: MessageName): string {
  return `${name.from}->${name.to}#${name.ordinal}${name.copy > 0 ? `.${name.copy}` : ''}`;
}

/**
 * `election`, `lease[order42]`, or `lease["a key"]` if the key holds more than letters and digits.
 */
export function timerName(timer: string, key: string): string {
  if (key === '') return timer;
  const isSimple = /^[\p{L}\p{N}_.:@/#-]+$/u.test(key);
  return `${timer}[${isSimple ? key : JSON.stringify(key)}]`;
}

/** JSON that keeps the numbers which `JSON.stringify` changes: -0 and the infinite ones. */
function jsonText(value: Json | undefined): string {
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return '-0';
    if (Number.isFinite(value)) return String(value);
    // JSON has no name for it, but a number that is too large is read as infinite.
    return Number.isNaN(value) ? 'null' : `${value < 0 ? '-' : ''}1e999`;
  }
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([name, field]) => `${JSON.stringify(name)}:${jsonText(field)}`);
  return `{${fields.join(',')}}`;
}

function linksText(from: readonly NodeId[] | undefined, to: readonly NodeId[] | undefined): string {
  return `${from?.join(' ') ?? '*'} -> ${to?.join(' ') ?? '*'}`;
}

function forText(duration: number | undefined): string {
  return duration === undefined ? '' : ` for ${formatDuration(duration)}`;
}

function diskText(action: Of<'disk'>): string {
  if (action.does === 'slow') return `slow ${formatDuration(action.by)}`;
  return action.does === 'stall' ? `stall${forText(action.for)}` : action.does;
}

function skewText({ offset, jump, drift }: Of<'skew'>): string {
  const signed = (duration: number) => `${duration < 0 ? '' : '+'}${formatDuration(duration)}`;
  const parts: string[] = [];
  if (offset !== undefined) parts.push(` offset ${signed(offset)}`);
  if (jump !== undefined) parts.push(` jump ${signed(jump)}`);
  if (drift !== undefined) parts.push(` drift ${formatDrift(drift)}`);
  return parts.join('');
}

function ruleText(rule: NetworkRule): string {
  const parts: string[] = [];
  if (rule.latency) parts.push(`latency=${rule.latency.map(formatDuration).join('..')}`);
  if (rule.delay !== undefined) parts.push(`delay=${formatDuration(rule.delay)}`);
  if (rule.loss !== undefined) parts.push(`loss=${formatProbability(rule.loss)}`);
  if (rule.duplicate !== undefined) parts.push(`duplicate=${formatProbability(rule.duplicate)}`);
  if (rule.reorder !== undefined) parts.push(`reorder=${rule.reorder}`);
  if (rule.from || rule.to) parts.push(`on ${linksText(rule.from, rule.to)}`);
  return parts.join(' ');
}

/** The action of a canonical string, at time 0; undefined for any other string. */
export function parseAction(text: string): Action | undefined {
  const trimmed = text.trim();
  // First, because an operation may be named like a verb, and its arguments hold any text.
  const invoke = /^(\S+) (\S+) (\{.*\})( on waking)?$/s.exec(trimmed);
  if (invoke) return parseInvoke(invoke);
  const [verb, rest] = cut(trimmed, ' ');
  switch (verb) {
    case 'deliver':
    case 'drop':
    case 'duplicate': {
      const name = parseMessageName(rest);
      return name && { type: verb, at: 0, ...name };
    }
    case 'delay':
      return parseDelay(rest);
    case 'fire': {
      const [node, name] = cut(rest, ' ');
      const timer = parseTimerName(name);
      return node !== '' && timer ? { type: 'fire', at: 0, node, ...timer } : undefined;
    }
    case 'crash':
    case 'restart':
    case 'resume':
      return /^\S+$/.test(rest) ? { type: verb, at: 0, node: rest } : undefined;
    case 'power':
    case 'plug':
      return parseHost(verb, rest);
    case 'unplug':
      return parseLasting(verb, rest);
    case 'reset': {
      const match = /^(\S+) - (\S+)$/.exec(rest);
      return match ? { type: verb, at: 0, nodes: [match[1], match[2]] } : undefined;
    }
    case 'retransmit':
    case 'probe': {
      const match = /^(\S+) (\S+)$/.exec(rest);
      return match ? { type: verb, at: 0, node: match[1], connection: match[2] } : undefined;
    }
    case 'add': {
      const match = /^(\S+): (\S+)$/.exec(rest);
      return match ? { type: 'add', at: 0, node: match[1], role: match[2] } : undefined;
    }
    case 'pause':
    case 'partition':
    case 'cut':
      return parseLasting(verb, rest);
    case 'heal':
      return parseHeal(rest);
    case 'disk':
      return parseDisk(rest);
    case 'clock':
      return parseSkew(rest);
    case 'network':
      return parseNetwork(rest);
    default:
      return undefined;
  }
}

function cut(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + at.length).trim()];
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function parseSpan(text: string): number | undefined {
  const span = parseDuration(text);
  return span !== undefined && span >= 0 ? span : undefined;
}

export function parseMessageName(text: string): MessageName | undefined {
  const match = /^([^\s>#]+)->([^\s#]+)#(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return undefined;
  const [ordinal, copy] = [Number(match[3]), Number(match[4] ?? 0)];
  if (!Number.isSafeInteger(ordinal) || !Number.isSafeInteger(copy)) return undefined;
  return { from: match[1], to: match[2], ordinal, copy };
}

/** A timer and its key, as `timerName` writes them. A key without quotes is taken as it is. */
export function parseTimerName(text: string): { timer: string; key: string } | undefined {
  const match = /^([^\s[\]]+)(?:\[(.*)\])?$/s.exec(text);
  if (!match) return undefined;
  const [, timer, key = ''] = match;
  if (!key.startsWith('"')) return { timer, key };
  try {
    const unquoted: unknown = JSON.parse(key);
    return typeof unquoted === 'string' ? { timer, key: unquoted } : undefined;
  } catch {
    return undefined;
  }
}

function parseDelay(rest: string): Action | undefined {
  const [message, duration] = cut(rest, ' by ');
  const name = parseMessageName(message);
  const by = parseSpan(duration);
  return name && by !== undefined ? { type: 'delay', at: 0, ...name, by } : undefined;
}

/** `power off n1 for 5s`, `plug in n1`. */
function parseHost(verb: 'power' | 'plug', rest: string): Action | undefined {
  const [word, node] = cut(rest, ' ');
  if (verb === 'power') return word === 'off' ? parseLasting('power-off', node) : undefined;
  return word === 'in' && /^\S+$/.test(node) ? { type: 'plug-in', at: 0, node } : undefined;
}

type Lasting = 'pause' | 'partition' | 'cut' | 'power-off' | 'unplug';

function parseLasting(verb: Lasting, rest: string): Action | undefined {
  const match = /^(.*?)(?: for (\S+))?$/s.exec(rest)!;
  const [, subject, duration] = match;
  const lasting = duration === undefined ? undefined : parseSpan(duration);
  if (duration !== undefined && lasting === undefined) return undefined;
  const timed = lasting === undefined ? { at: 0 } : { at: 0, for: lasting };
  if (verb === 'pause' || verb === 'power-off' || verb === 'unplug') {
    return /^\S+$/.test(subject) ? { type: verb, node: subject, ...timed } : undefined;
  }
  if (verb === 'partition') {
    const groups = subject.split('|').map(words);
    return groups.length > 1 ? { type: verb, groups, ...timed } : undefined;
  }
  const links = parseLinks(subject);
  return links?.from && links.to && { type: verb, from: links.from, to: links.to, ...timed };
}

/** `n1 n2 -> n3`. A side is undefined if it is `*`, which stands for all nodes. */
function parseLinks(text: string): { from?: NodeId[]; to?: NodeId[] } | undefined {
  const ends = text.split('->').map(words);
  if (ends.length !== 2 || ends.some((end) => end.length === 0)) return undefined;
  const [from, to] = ends;
  const isAll = (end: string[]) => end.length === 1 && end[0] === '*';
  return { ...(!isAll(from) && { from }), ...(!isAll(to) && { to }) };
}

function parseHeal(rest: string): Action | undefined {
  if (rest === '') return { type: 'heal', at: 0 };
  const { from, to } = parseLinks(rest) ?? {};
  return from && to && { type: 'heal', at: 0, from, to };
}

/** `n1 slow 20ms`, `n1 stall for 5s`, `n1 ok`, `n1 synced`. */
function parseDisk(rest: string): Action | undefined {
  const [node, does = '', ...more] = words(rest);
  const timed = { at: 0, node };
  if (does === 'slow' && more.length === 1) {
    const by = parseSpan(more[0]);
    return by === undefined ? undefined : { type: 'disk', ...timed, does, by };
  }
  if (does === 'stall' && more.length === 0) return { type: 'disk', ...timed, does };
  if (does === 'stall' && more.length === 2 && more[0] === 'for') {
    const lasting = parseSpan(more[1]);
    return lasting === undefined ? undefined : { type: 'disk', ...timed, does, for: lasting };
  }
  if (more.length > 0) return undefined;
  if (does === 'synced') return { type: 'synced', ...timed };
  return does === 'ok' ? { type: 'disk', ...timed, does } : undefined;
}

function parseSkew(rest: string): Action | undefined {
  const [node, ...parts] = words(rest);
  if (parts.length === 0 || parts.length % 2 === 1) return undefined;
  const action: Of<'skew'> = { type: 'skew', at: 0, node };
  for (let i = 0; i < parts.length; i += 2) {
    const what = parts[i];
    if (what !== 'drift' && what !== 'offset' && what !== 'jump') return undefined;
    const value = what === 'drift' ? parseDrift(parts[i + 1]) : parseDuration(parts[i + 1]);
    if (value === undefined) return undefined;
    action[what] = value;
  }
  return action;
}

function parseNetwork(rest: string): Action | undefined {
  const [settings, links] = cut(` ${rest}`, ' on ');
  const rule: NetworkRule = {};
  for (const setting of words(settings)) {
    if (!parseSetting(rule, ...cut(setting, '='))) return undefined;
  }
  const ends = links === '' ? {} : parseLinks(links);
  return ends && { type: 'network', at: 0, rule: { ...rule, ...ends } };
}

/** Reads one setting into `rule`; false if it is none. */
function parseSetting(rule: NetworkRule, name: string, value: string): boolean {
  switch (name) {
    case 'latency':
      rule.latency = parseRange(value);
      return rule.latency !== undefined;
    case 'delay':
      rule.delay = parseSpan(value);
      return rule.delay !== undefined;
    case 'loss':
    case 'duplicate':
      rule[name] = parseProbability(value);
      return rule[name] !== undefined;
    case 'reorder':
      rule.reorder = value === 'true';
      return value === 'true' || value === 'false';
    default:
      return false;
  }
}

function parseInvoke([, node, operation, json, waking]: string[]): Action | undefined {
  try {
    const args = JSON.parse(json) as Record<string, Json>;
    // Arguments that are nested too deeply cannot be handed to a handler.
    if (findNotPlain(args) !== undefined) return undefined;
    const woken = waking ? { woken: true as const } : {};
    return { type: 'invoke', at: 0, node, operation, args, ...woken };
  } catch {
    return undefined;
  }
}
