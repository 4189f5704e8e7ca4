/** Commands that harm processes, links and clocks, and those that mend them. */
import type { Micros } from '../../protocol/types.ts';
import { type CommandReader, parseTruth } from '../parse/reader.ts';
import { parseDuration, parseRange } from '../../kernel/text/duration.ts';
import { parseDrift, parseProbability } from '../../kernel/text/rate.ts';
import type { Command, NodeGroup, NodeSelector, RuleCommand } from '../scenario.ts';
import { didYouMean, oneOf } from '../suggest.ts';
import type { Token } from './tokens.ts';

type Settings = { -readonly [Key in keyof RuleCommand['rule']]: RuleCommand['rule'][Key] };

/** `crash NODE…`, `restart NODE…`, `resume NODE…` */
export function readCrash(reader: CommandReader, verb: string): Command | undefined {
  const nodes = reader.readNodes();
  if (nodes === undefined || !reader.readEnd(`\`${verb}\` takes nodes`)) return undefined;
  return { type: verb as 'crash' | 'restart' | 'resume', nodes };
}

/** `pause NODE… [for 15s]` */
export function readPause(reader: CommandReader): Command | undefined {
  const nodes = reader.readNodes();
  const lasting = nodes && reader.readFor();
  if (!nodes || !lasting || !reader.readEnd('`pause` takes nodes and `for 15s`')) return undefined;
  return { type: 'pause', nodes, ...lasting };
}

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
    const hint = 'write `partition n1 n2 | n3 n4 n5`';
    return reader.fail('a partition needs two groups, with `|` between them', reader.next, hint);
  }
  const lasting = reader.readFor();
  if (!lasting || !reader.readEnd('`partition` takes groups and `for 2s`')) return undefined;
  return { type: 'partition', groups, ...lasting };
}

function readGroup(reader: CommandReader, seen: Set<string>): NodeGroup | undefined {
  const nodes: NodeSelector[] = [];
  let others = false;
  while (reader.next !== undefined && reader.next.text !== '|' && reader.next.text !== 'for') {
    const token: Token = reader.next;
    const node = reader.readNode();
    if (node === undefined) return undefined;
    if (typeof node !== 'string' && node.standing === 'others') {
      others = true;
      continue;
    }
    const name = typeof node === 'string' ? node : `the ${node.standing}`;
    if (seen.has(name)) return reader.fail(`\`${name}\` stands in two groups`, token);
    seen.add(name);
    nodes.push(node);
  }
  if (nodes.length > 0 || others) return { nodes, others };
  return reader.fail('a group of nodes is expected here', reader.next);
}

/** `cut NODE… -> NODE… [for 2s]` */
export function readCut(reader: CommandReader): Command | undefined {
  const sides = readSides(reader, 'cut n1 -> n2');
  const lasting = sides && reader.readFor();
  if (!sides || !lasting || !reader.readEnd('`cut` takes links and `for 2s`')) return undefined;
  return { type: 'cut', ...sides, ...lasting };
}

/** `heal [NODE… -> NODE…]` */
export function readHeal(reader: CommandReader): Command | undefined {
  if (reader.next === undefined) return { type: 'heal' };
  const sides = readSides(reader, 'heal n1 -> n2');
  if (!sides || !reader.readEnd('`heal` takes links')) return undefined;
  return { type: 'heal', ...sides };
}

interface Sides {
  from: NodeSelector[];
  to: NodeSelector[];
}

function readSides(reader: CommandReader, example: string): Sides | undefined {
  const from = reader.readNodes();
  if (from === undefined) return undefined;
  if (!reader.takes('->')) {
    return reader.fail(
      '`->` and the nodes at the other end are expected',
      reader.next,
      `write \`${example}\``,
    );
  }
  const to = reader.readNodes();
  return to && { from, to };
}

/** `clock NODE [offset +5ms] [jump -1s] [drift 200ppm]` */
export function readClock(reader: CommandReader): Command | undefined {
  const node = reader.readNode();
  if (node === undefined) return undefined;
  const skew: { offset?: Micros; jump?: Micros; drift?: number } = {};
  while (reader.next !== undefined) {
    const what = reader.take()!;
    if (what.text === 'offset' || what.text === 'jump') {
      const duration = reader.readDuration('+5ms');
      if (duration === undefined) return undefined;
      skew[what.text] = duration;
    } else if (what.text === 'drift') {
      const rate = reader.take();
      const drift = rate && parseDrift(rate.text);
      if (drift === undefined) return reader.fail('a rate is expected, such as `200ppm`', rate);
      skew.drift = drift;
    } else {
      const hint = didYouMean(what.text, ['offset', 'jump', 'drift']);
      return reader.fail(
        `\`offset\`, \`jump\` or \`drift\` is expected, not \`${what.text}\``,
        what,
        hint,
      );
    }
  }
  if (Object.keys(skew).length > 0) return { type: 'clock', node, ...skew };
  return reader.fail(
    '`offset`, `jump` or `drift` is expected',
    undefined,
    'write `clock n1 jump -1s`',
  );
}

/** `network [latency=1ms..5ms] [loss=5%] … [on NODE… -> NODE…]`; `*` stands for all nodes. */
export function readNetwork(reader: CommandReader): Command | undefined {
  const rule: Settings = {};
  while (reader.next !== undefined && reader.next.text !== 'on') {
    if (!readSetting(reader, rule)) return undefined;
  }
  if (Object.keys(rule).length === 0) {
    return reader.fail(
      `a setting is expected: ${oneOf(settingNames)}`,
      reader.next,
      'write `network loss=5%`',
    );
  }
  if (!reader.takes('on')) return { type: 'network', rule };
  const from = readSide(reader);
  if (from === undefined) return undefined;
  if (!reader.takes('->'))
    return reader.fail('`->` is expected between the ends of a link', reader.next);
  const to = readSide(reader);
  if (to === undefined || !reader.readEnd('links end here')) return undefined;
  const sides = { ...(from !== '*' && { from }), ...(to !== '*' && { to }) };
  return { type: 'network', rule, ...sides };
}

function readSide(reader: CommandReader): NodeSelector[] | '*' | undefined {
  return reader.takes('*') ? '*' : reader.readNodes();
}

export const settingNames = ['latency', 'loss', 'duplicate', 'reorder', 'delay'] as const;

function readSetting(reader: CommandReader, rule: Settings): boolean {
  const token = reader.take()!;
  const equals = token.text.indexOf('=');
  const name = equals < 0 ? token.text : token.text.slice(0, equals);
  const fault = settingFault(rule, name, equals < 0 ? '' : token.text.slice(equals + 1));
  if (fault === undefined) return true;
  const isKnown = (settingNames as readonly string[]).includes(name);
  reader.fail(fault, token, isKnown ? undefined : didYouMean(name, settingNames));
  return false;
}

/** Puts a setting of the network into `rule`; answers what is wrong with it, if anything is. */
export function settingFault(rule: Settings, name: string, value: string): string | undefined {
  const found = value === '' ? 'nothing' : `\`${value}\``;
  switch (name) {
    case 'latency':
      rule.latency = parseRange(value);
      return rule.latency
        ? undefined
        : `latency is a duration or a range, such as \`1ms..5ms\`, not ${found}`;
    case 'delay': {
      const delay = parseDuration(value);
      if (delay === undefined || delay < 0)
        return `delay is a duration, such as \`10ms\`, not ${found}`;
      rule.delay = delay;
      return undefined;
    }
    case 'loss':
    case 'duplicate':
      rule[name] = parseProbability(value);
      return rule[name] === undefined
        ? `${name} is a share, such as \`5%\`, not ${found}`
        : undefined;
    case 'reorder':
      rule.reorder = parseTruth(value);
      return rule.reorder === undefined
        ? `reorder is \`true\` or \`false\`, not ${found}`
        : undefined;
    default:
      return `the network has no setting \`${name}\`: it has ${oneOf(settingNames)}`;
  }
}
