/** Actions as text and back: the canonical form, as it stands in traces. */
import type { Json, NodeId } from '../../protocol/types.ts';
import type { Action, MessageName, NetworkRule } from '../action.ts';
import { formatDuration, parseDuration } from './duration.ts';
import type { Upcoming } from '../seam/moment.ts';

/** The action in the command language, without its moment. */
export function actionText(action: Action | Upcoming): string {
  switch (action.type) {
    case 'deliver':
    case 'drop':
    case 'duplicate':
      return `${action.type} ${messageName(action)}`;
    case 'delay':
      return `delay ${messageName(action)} by ${formatDuration(action.by)}`;
    case 'fire':
      return `fire ${action.node} ${action.timer}${action.key === '' ? '' : `[${action.key}]`}`;
    case 'postponed':
      return actionText(action.action);
    case 'invoke': {
      const waking = action.woken ? ' on waking' : '';
      return `${action.node} ${action.operation} ${JSON.stringify(action.args)}${waking}`;
    }
    case 'crash':
    case 'restart':
    case 'resume':
      return `${action.type} ${action.node}`;
    case 'pause':
      return `pause ${action.node}${forText(action.for)}`;
    case 'partition': {
      const groups = action.groups.map((group) => group.join(' ')).join(' | ');
      return `partition ${groups}${forText(action.for)}`;
    }
    case 'cut':
      return `cut ${action.from.join(' ')} -> ${action.to.join(' ')}${forText(action.for)}`;
    case 'heal':
      return action.from && action.to
        ? `heal ${action.from.join(' ')} -> ${action.to.join(' ')}`
        : 'heal';
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

function forText(duration: number | undefined): string {
  return duration === undefined ? '' : ` for ${formatDuration(duration)}`;
}

function signed(text: string): string {
  return text.startsWith('-') ? text : `+${text}`;
}

function skewText(skew: { offset?: number; jump?: number; drift?: number }): string {
  const parts: string[] = [];
  if (skew.offset !== undefined) parts.push(` offset ${signed(formatDuration(skew.offset))}`);
  if (skew.jump !== undefined) parts.push(` jump ${signed(formatDuration(skew.jump))}`);
  if (skew.drift !== undefined) parts.push(` drift ${signed(String(skew.drift * 1e6))}ppm`);
  return parts.join('');
}

function ruleText(rule: NetworkRule): string {
  const parts: string[] = [];
  if (rule.latency) parts.push(`latency=${rule.latency.map(formatDuration).join('..')}`);
  if (rule.delay !== undefined) parts.push(`delay=${formatDuration(rule.delay)}`);
  if (rule.loss !== undefined) parts.push(`loss=${rule.loss * 100}%`);
  if (rule.duplicate !== undefined) parts.push(`duplicate=${rule.duplicate * 100}%`);
  if (rule.reorder !== undefined) parts.push(`reorder=${rule.reorder}`);
  if (rule.from || rule.to) {
    const side = (ids: NodeId[] | undefined) => ids?.join(' ') ?? '*';
    parts.push(`on ${side(rule.from)} -> ${side(rule.to)}`);
  }
  return parts.join(' ');
}

/** The action that a canonical text stands for, at moment 0; undefined where it stands for none. */
export function parseAction(text: string): Action | undefined {
  const [verb, rest] = cut(text.trim(), ' ');
  switch (verb) {
    case 'deliver':
    case 'drop':
    case 'duplicate': {
      const name = parseMessageName(rest);
      return name && { type: verb, at: 0, ...name };
    }
    case 'delay': {
      const [message, by] = cut(rest, ' by ');
      const name = parseMessageName(message);
      const duration = parseDuration(by);
      return name && duration !== undefined
        ? { type: 'delay', at: 0, ...name, by: duration }
        : undefined;
    }
    case 'fire': {
      const match = /^(\S+) ([^\s[]+)(?:\[(.*)\])?$/.exec(rest);
      return match
        ? { type: 'fire', at: 0, node: match[1], timer: match[2], key: match[3] ?? '' }
        : undefined;
    }
    case 'crash':
    case 'restart':
    case 'resume':
      return /^\S+$/.test(rest) ? { type: verb, at: 0, node: rest } : undefined;
    case 'pause':
    case 'partition':
    case 'cut':
      return parseLasting(verb, rest);
    case 'heal':
      return parseHeal(rest);
    case 'clock':
      return parseSkew(rest);
    case 'network':
      return parseRule(rest);
    default:
      return parseInvoke(text.trim());
  }
}

function cut(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + at.length).trim()];
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

export function parseMessageName(text: string): MessageName | undefined {
  const match = /^([^\s>#]+)->([^\s#]+)#(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return undefined;
  return { from: match[1], to: match[2], ordinal: Number(match[3]), copy: Number(match[4] ?? 0) };
}

function parseLasting(verb: 'pause' | 'partition' | 'cut', rest: string): Action | undefined {
  const match = /^(.*?)(?: for (\S+))?$/.exec(rest)!;
  const lasting = match[2] === undefined ? undefined : parseDuration(match[2]);
  if (match[2] !== undefined && lasting === undefined) return undefined;
  const timed = lasting === undefined ? { at: 0 } : { at: 0, for: lasting };
  if (verb === 'pause')
    return /^\S+$/.test(match[1]) ? { type: verb, node: match[1], ...timed } : undefined;
  if (verb === 'partition') {
    const groups = match[1].split('|').map(words);
    return groups.length > 1 ? { type: verb, groups, ...timed } : undefined;
  }
  const [from, to] = cut(match[1], '->');
  return to === '' ? undefined : { type: verb, from: words(from), to: words(to), ...timed };
}

function parseHeal(rest: string): Action | undefined {
  if (rest === '') return { type: 'heal', at: 0 };
  const [from, to] = cut(rest, '->');
  return to === '' ? undefined : { type: 'heal', at: 0, from: words(from), to: words(to) };
}

function parseSkew(rest: string): Action | undefined {
  const [node, ...parts] = words(rest);
  const action: Extract<Action, { type: 'skew' }> = { type: 'skew', at: 0, node };
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const [what, value] = [parts[i], parts[i + 1]];
    if (what === 'drift') action.drift = Number(value.replace(/ppm$/, '')) / 1e6;
    else if (what === 'offset' || what === 'jump') action[what] = parseDuration(value);
    else return undefined;
  }
  return parts.length > 0 && parts.length % 2 === 0 ? action : undefined;
}

function parseRule(rest: string): Action | undefined {
  const [settings, links] = cut(` ${rest}`, ' on ');
  const rule: NetworkRule = {};
  for (const part of words(settings)) {
    const [name, value] = cut(part, '=');
    if (name === 'latency') rule.latency = value.split('..').map(parseDuration) as [number, number];
    else if (name === 'delay') rule.delay = parseDuration(value);
    else if (name === 'loss' || name === 'duplicate')
      rule[name] = Number(value.replace('%', '')) / 100;
    else if (name === 'reorder') rule.reorder = value === 'true';
    else return undefined;
  }
  if (links !== '') {
    const [from, to] = cut(links, '->').map(words);
    if (from[0] !== '*') rule.from = from;
    if (to[0] !== '*') rule.to = to;
  }
  return { type: 'network', at: 0, rule };
}

function parseInvoke(text: string): Action | undefined {
  const match = /^(\S+) (\S+) (\{.*\})( on waking)?$/.exec(text);
  if (!match) return undefined;
  try {
    const args = JSON.parse(match[3]) as Record<string, Json>;
    const woken = match[4] ? { woken: true as const } : {};
    return { type: 'invoke', at: 0, node: match[1], operation: match[2], args, ...woken };
  } catch {
    return undefined;
  }
}
