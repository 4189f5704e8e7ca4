/** Commands that disturb or restore processes, links and clocks. */
import { parseRange } from '../../kernel/text/duration.ts';
import { parseDrift, parseProbability } from '../../kernel/text/rate.ts';
import type { Micros } from '../../protocol/types.ts';
import type { Mistake } from '../problem.ts';
import type { Command, NodeGroup, NodeSelector, RuleCommand } from '../scenario.ts';
import { mustBe, shownValue, unknownName, useOneOf } from '../suggest.ts';
import { refusesOnConnections } from './hosts.ts';
import { type CommandReader, selectorText } from './reader.ts';
import type { Token } from './tokens.ts';
import { parseBoolean, parseSpan, valueForms } from './values.ts';

type Settings = { -readonly [Key in keyof RuleCommand['rule']]: RuleCommand['rule'][Key] };

/** `crash NODE…`, `restart NODE…`, `resume NODE…` */
export function readCrash(reader: CommandReader, verb: string): Command | undefined {
  const nodes = reader.readNodes();
  if (nodes === undefined || !reader.readEnd(`${verb} NODE…`)) return undefined;
  return { type: verb as 'crash' | 'restart' | 'resume', nodes };
}

/** `pause NODE… [for 15s]` */
export function readPause(reader: CommandReader): Command | undefined {
  const nodes = reader.readNodes();
  const lasting = nodes && reader.readFor();
  if (!nodes || !lasting || !reader.readEnd('pause NODE… for 15s')) return undefined;
  return { type: 'pause', nodes, ...lasting };
}

const partitionForm = 'partition n1 n2 | n3 n4 n5';

/** `partition NODE… | NODE… [for 2s]`; a group may be `the others`. */
export function readPartition(reader: CommandReader): Command | undefined {
  const groups: NodeGroup[] = [];
  const seen = new Set<string>();
  do {
    const group = readGroup(reader, seen);
    if (group === undefined) return undefined;
    groups.push(group);
  } while (reader.takes('|'));
  if (groups.length < 2) {
    const message = 'a partition needs at least two groups, with `|` between them';
    const hint = `write \`${partitionForm}\``;
    return reader.fail({ code: 'too-few-groups', message, hint }, reader.next);
  }
  const lasting = reader.readFor();
  if (!lasting || !reader.readEnd('partition NODE… | NODE… for 2s')) return undefined;
  return { type: 'partition', groups, ...lasting };
}

function readGroup(reader: CommandReader, seen: Set<string>): NodeGroup | undefined {
  const nodes: NodeSelector[] = [];
  let others = false;
  while (reader.next !== undefined && reader.next.text !== '|' && reader.next.text !== 'for') {
    const token = reader.next;
    const node = reader.readNode();
    if (node === undefined) return undefined;
    if (typeof node !== 'string' && node.standing === 'others') {
      others = true;
      continue;
    }
    const name = selectorText(node);
    if (seen.has(name)) {
      const message = `\`${name}\` is in two groups`;
      return reader.fail({ code: 'node-in-two-groups', message }, token);
    }
    seen.add(name);
    nodes.push(node);
  }
  if (nodes.length > 0 || others) return { nodes, others };
  return reader.failForNode(reader.next);
}

/** `cut NODE… -> NODE… [for 2s]` */
export function readCut(reader: CommandReader): Command | undefined {
  const sides = readSides(reader, 'cut n1 -> n2');
  const lasting = sides && reader.readFor();
  if (!sides || !lasting || !reader.readEnd('cut NODE… -> NODE… for 2s')) return undefined;
  return { type: 'cut', ...sides, ...lasting };
}

/** `heal [NODE… -> NODE…]` */
export function readHeal(reader: CommandReader): Command | undefined {
  if (reader.next === undefined) return { type: 'heal' };
  const sides = readSides(reader, 'heal n1 -> n2');
  if (!sides || !reader.readEnd('heal NODE… -> NODE…')) return undefined;
  return { type: 'heal', ...sides };
}

interface Sides {
  from: NodeSelector[];
  to: NodeSelector[];
}

function readSides(reader: CommandReader, example: string): Sides | undefined {
  const from = reader.readNodes();
  if (from === undefined || !reader.readArrow(example)) return undefined;
  const token = reader.next;
  const to = reader.readNodes();
  if (to === undefined || refusesOwn(reader, from, to, token)) return undefined;
  return { from, to };
}

/** A node has no link to itself. Of longer lists, the links between different nodes are meant. */
function refusesOwn(
  reader: CommandReader,
  from: readonly NodeSelector[] | '*',
  to: readonly NodeSelector[] | '*',
  token: Token | undefined,
): boolean {
  const [node] = to;
  if (typeof node !== 'string' || ![from, to].every((side) => isOnly(side, node))) return false;
  const message = `\`${node}\` has no link to itself`;
  reader.fail({ code: 'own-link', message, hint: 'name two different nodes' }, token);
  return true;
}

function isOnly(side: readonly NodeSelector[] | '*', node: string): boolean {
  return side !== '*' && side.every((one) => one === node);
}

const clockSettings = ['offset', 'jump', 'drift'] as const;

/** `clock NODE [offset +5ms] [jump -1s] [drift 200ppm]` */
export function readClock(reader: CommandReader): Command | undefined {
  const node = reader.readNode();
  if (node === undefined) return undefined;
  const skew: { offset?: Micros; jump?: Micros; drift?: number } = {};
  while (reader.next !== undefined) {
    const setting = reader.take()!;
    if (setting.text === 'offset' || setting.text === 'jump') {
      const duration = reader.readDuration('+5ms');
      if (duration === undefined) return undefined;
      skew[setting.text] = duration;
    } else if (setting.text === 'drift') {
      const rate = reader.take();
      skew.drift = rate && parseDrift(rate.text);
      if (skew.drift === undefined) {
        const message = mustBe('`drift`', valueForms.rate, shownValue(rate?.text));
        return reader.fail({ code: 'bad-setting', message }, rate);
      }
    } else {
      const lacks = 'a clock has no setting';
      const mistake = unknownName('unknown-setting', lacks, setting.text, clockSettings);
      return reader.fail(mistake, setting);
    }
  }
  if (Object.keys(skew).length > 0) return { type: 'clock', node, ...skew };
  const message = 'expected `offset`, `jump` or `drift`';
  const hint = 'write `clock n1 jump -1s`';
  return reader.fail({ code: 'expected-setting', message, hint }, undefined);
}

/** `network [latency=1ms..5ms] [loss=5%] … [on NODE… -> NODE…]`; `*` stands for all nodes. */
export function readNetwork(reader: CommandReader): Command | undefined {
  const rule: Settings = {};
  while (reader.next !== undefined && reader.next.text !== 'on') {
    if (!readSetting(reader, rule)) return undefined;
  }
  if (Object.keys(rule).length === 0) {
    const message = 'expected a setting, such as `loss=5%`';
    const hint = useOneOf(settingNames);
    return reader.fail({ code: 'expected-setting', message, hint }, reader.next);
  }
  if (!reader.takes('on')) {
    return refusesRule(reader, rule, '*', '*') ? undefined : { type: 'network', rule };
  }
  const from = readSide(reader);
  if (from === undefined || !reader.readArrow('on n1 -> n2')) return undefined;
  const token = reader.next;
  const to = readSide(reader);
  if (to === undefined || refusesOwn(reader, from, to, token)) return undefined;
  if (!reader.readEnd('on NODE… -> NODE…')) return undefined;
  if (refusesRule(reader, rule, from, to)) return undefined;
  const sides = { ...(from !== '*' && { from }), ...(to !== '*' && { to }) };
  return { type: 'network', rule, ...sides };
}

/** Connections neither duplicate nor reorder. */
function refusesRule(
  reader: CommandReader,
  { duplicate, reorder }: Settings,
  ...sides: (readonly NodeSelector[] | '*')[]
): boolean {
  const [from, to] = sides.map((side) => (side === '*' ? undefined : side));
  const asked = [(duplicate ?? 0) > 0 && 'duplicate', reorder === true && 'reorder'] as const;
  return asked.some((what) => {
    if (what === false) return false;
    const token = reader.tokens.find(({ text }) => text.startsWith(what));
    return refusesOnConnections(reader, what, from, to, token);
  });
}

function readSide(reader: CommandReader): NodeSelector[] | '*' | undefined {
  return reader.takes('*') ? '*' : reader.readNodes();
}

const settingNames = ['latency', 'loss', 'duplicate', 'reorder', 'delay'] as const;

function readSetting(reader: CommandReader, rule: Settings): boolean {
  const token = reader.take()!;
  const equals = token.text.indexOf('=');
  const name = equals < 0 ? token.text : token.text.slice(0, equals);
  const mistake = putSetting(rule, name, equals < 0 ? '' : token.text.slice(equals + 1));
  if (mistake !== undefined) reader.fail(mistake, token);
  return mistake === undefined;
}

/** Puts a setting of the network into `rule`, or returns what is wrong with it. */
export function putSetting(rule: Settings, name: string, value: string): Mistake | undefined {
  const put = <Key extends keyof Settings>(key: Key, parsed: Settings[Key], form: string) => {
    if (parsed === undefined) {
      const message = mustBe(`\`${name}\``, form, shownValue(value));
      return { code: 'bad-setting', message } as const;
    }
    rule[key] = parsed;
    return undefined;
  };
  switch (name) {
    case 'latency':
      return put(name, parseRange(value), valueForms.range('1ms..5ms'));
    case 'delay':
      return put(name, parseSpan(value), valueForms.duration('10ms'));
    case 'loss':
    case 'duplicate':
      return put(name, parseProbability(value), valueForms.probability);
    case 'reorder':
      return put(name, parseBoolean(value), valueForms.boolean);
    default:
      return unknownName('unknown-setting', 'the network has no setting', name, settingNames);
  }
}
