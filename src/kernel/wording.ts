/**
 * Words the messages and events of a protocol, and knows which of its fields hold times. A
 * `summary` is an author's code: it may throw or return anything, and neither may hide the message.
 * All other code calls it through this file.
 */
import type { NodeId, TimeUnit } from '../protocol/data.ts';
import type { Admission } from '../protocol/look.ts';
import type { Protocol, Role } from '../protocol/types.ts';
import type { OptionSpec } from '../protocol/values.ts';
import { seal } from './data/seal.ts';
import { shown } from './data/shown.ts';
import { thrownText } from './data/thrown.ts';
import { checkedAdmission } from './look/admission.ts';
import type { EventMoment, MessageMoment, ShownUnit, Wording } from './seam/moment.ts';
import { cutText, detailsMost, printable, type Units } from './text/data-text.ts';

type Fields = Readonly<Record<string, unknown>>;
type Summarize = (fields: Fields) => unknown;
type Body = MessageMoment['body'];

/** The words of a run's messages and events; `roleOf` returns the role of a node. */
export class ProtocolWording implements Wording {
  readonly units: Units;
  readonly argumentUnits: Units;
  /** What was summarized is frozen, so its summary stays the same. */
  private readonly known = new WeakMap<object, string | undefined>();

  constructor(
    private readonly protocol: Protocol,
    private readonly roleOf: (node: NodeId) => Role<any> | undefined,
  ) {
    this.units = unitsOf(protocol);
    this.argumentUnits = { ...this.units, ...durationsOf(protocol) };
  }

  message(from: NodeId, body: Body): string | undefined {
    return this.summarized(body, this.roleOf(from)?.summary?.messages?.[body.type]);
  }

  event({ node, name, fields }: EventMoment): string | undefined {
    const derived = this.protocol.derivedEvents?.[name];
    const own = derived ? derived.summary : this.roleOf(node)?.summary?.events?.[name];
    return this.summarized(fields, own as Summarize | undefined);
  }

  admission({ node, name, fields }: EventMoment): Admission | undefined {
    const { admits } = this.protocol;
    if (admits === undefined) return undefined;
    try {
      return checkedAdmission(admits({ node, name, fields: seal(fields, '', 'events') }));
    } catch {
      // An author's mistake in what a panel adds to an event must not hide the event.
      return undefined;
    }
  }

  private summarized(fields: Fields, summarize: Summarize | undefined): string | undefined {
    if (typeof summarize !== 'function') return undefined;
    if (!this.known.has(fields)) this.known.set(fields, summaryText(summarize, fields));
    return this.known.get(fields);
  }
}

/** The result of a summary on one line, or how it failed, so that its author sees that. */
function summaryText(summarize: Summarize, fields: Fields): string {
  try {
    // Frozen, because it must not change what it summarizes.
    const text = summarize(seal(fields, '', 'events'));
    if (typeof text === 'string') return cutText(printable(text), detailsMost);
    return `(its summary returned ${shown(text, 60)}: it must return a string)`;
  } catch (error) {
    return `(its summary threw: ${cutText(printable(thrownText(error)), 120)})`;
  }
}

const micros: Readonly<Record<TimeUnit, number>> = {
  microseconds: 1,
  milliseconds: 1_000,
  seconds: 1_000_000,
};

/**
 * The unit of each field that has one: as the protocol says, and microseconds for a field
 * that is named like a duration among its options and parameters.
 */
export function unitsOf(protocol: Protocol): Units {
  const units = durationsOf(protocol);
  for (const { options = {} } of Object.values(protocol.roles)) {
    for (const [name, spec] of Object.entries(options as Record<string, OptionSpec>)) {
      const { kind } = spec;
      const isDuration = kind === 'duration' || kind === 'range';
      if (isDuration || (spec.kind === 'list' && spec.of === 'duration')) units[name] = 1;
    }
  }
  for (const [name, unit] of Object.entries(protocol.units ?? {})) {
    if (unit === 'none') delete units[name];
    else units[name] = unit === 'hexadecimal' ? unit : micros[unit];
  }
  return units;
}

/** Parameters of operations that are durations: in microseconds, whatever fields are called so. */
function durationsOf(protocol: Protocol): Record<string, ShownUnit> {
  const units = Object.create(null) as Record<string, ShownUnit>;
  for (const { operations = {} } of Object.values(protocol.roles)) {
    for (const { parameters } of Object.values(operations)) {
      for (const [name, kind] of Object.entries(parameters as Record<string, string>)) {
        if (kind.startsWith('duration')) units[name] = 1;
      }
    }
  }
  return units;
}

/** What a protocol says of a message. An author's mistake in that must not hide the message. */
export function declares(
  protocol: Protocol,
  what: 'refuses' | 'isHeartbeat',
  body: MessageMoment['body'],
): boolean {
  try {
    return protocol[what]?.(body) === true;
  } catch {
    return false;
  }
}
