/** `lockstep list [PROTOCOL…]`: the protocols, with everything that a scenario can name. */
import { formatDuration, formatRange } from '../kernel/text/duration.ts';
import type { Protocol, Role } from '../protocol/types.ts';
import type { OptionSpec } from '../protocol/values.ts';
import { specificationsOf } from '../scenario/history/specifications.ts';
import { library } from '../protocols/library.ts';
import { nearestProtocol, oneOf } from '../scenario/suggest.ts';
import { refuse, type Values } from './options.ts';
import type { Terminal } from './terminal.ts';

export async function list(names: string[], values: Values, terminal: Terminal): Promise<number> {
  const known = library.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const nearest = nearestProtocol(unknown, library);
    const isClear = nearest !== undefined;
    const hint = isClear ? `did you mean \`${nearest}\`?` : `there is ${oneOf(known)}`;
    return refuse(`there is no protocol \`${unknown}\` (${hint})`, terminal);
  }
  const chosen = library.filter(({ name }) => names.length === 0 || names.includes(name));
  const described = chosen.map(describe);
  if (values.json) await terminal.out(`${JSON.stringify(described, null, 2)}\n`);
  else await terminal.out(described.map(protocolText).join('\n'));
  return 0;
}

interface Named {
  name: string;
  doc: string;
}

interface RoleDescription extends Named {
  default: boolean;
  /** Whether a node of the role can be added during a run. */
  joins: boolean;
  options: (Named & { kind: string; default: string })[];
  operations: (Named & { parameters: Record<string, string> })[];
  messages: string[];
  timers: string[];
}

interface Description extends Named {
  source: string;
  modelled: Named[];
  roles: RoleDescription[];
  events: Named[];
  invariants: Named[];
  /** What `history is MODEL` checks the operations of clients against. */
  specifications: Named[];
  /** What its transactions are; absent if it declares none. */
  transactions?: string;
}

function describe(protocol: Protocol): Description {
  const { name, doc, source, roles, events, invariants, modelled = {} } = protocol;
  return {
    name,
    doc,
    source,
    modelled: Object.entries(modelled).map(([area, names]) => ({ name: area, doc: names })),
    roles: Object.entries(roles).map(([role, of]) =>
      describeRole(role, of, role === protocol.defaultRole),
    ),
    events: Object.entries(events).map(([event, text]) => ({ name: event, doc: text })),
    invariants: Object.entries(invariants).map(([one, { doc: text }]) => ({
      name: one,
      doc: text,
    })),
    specifications: Object.entries(specificationsOf(protocol)).map(([one, { doc: text }]) => {
      return { name: one, doc: text };
    }),
    ...(protocol.transactions && { transactions: protocol.transactions.doc }),
  };
}

function describeRole(name: string, role: Role, isDefault: boolean): RoleDescription {
  const specs: [string, OptionSpec][] = Object.entries(role.options ?? {});
  return {
    name,
    doc: role.doc,
    default: isDefault,
    joins: role.joins === true,
    options: specs.map(([option, spec]) => ({
      name: option,
      kind: kindText(spec),
      default: defaultText(spec),
      doc: spec.doc,
    })),
    operations: Object.entries(role.operations ?? {}).map(([operation, { doc, parameters }]) => ({
      name: operation,
      doc,
      parameters,
    })),
    messages: Object.keys(role.messages),
    timers: Object.keys(role.timers),
  };
}

function kindText(spec: OptionSpec): string {
  if (spec.kind === 'list') return `list of ${spec.choices?.join(' | ') ?? spec.role ?? spec.of}`;
  if (spec.kind === 'node') return [spec.role ?? spec.kind].flat().join(' | ');
  return spec.kind === 'choice' ? spec.choices.join(' | ') : spec.kind;
}

function defaultText(spec: OptionSpec): string {
  switch (spec.kind) {
    case 'duration':
      return formatDuration(spec.default);
    case 'range':
      return formatRange(spec.default);
    case 'string':
      return spec.default === '' ? '""' : spec.default;
    case 'list': {
      const { of } = spec;
      const text = (one: unknown) =>
        of === 'duration' ? formatDuration(one as number) : String(one);
      return `[${spec.default.map(text).join(', ')}]`;
    }
    default:
      return String(spec.default);
  }
}

function protocolText(protocol: Description): string {
  const lines = [`protocol ${protocol.name}`, `  ${protocol.doc}`, `  Source: ${protocol.source}`];
  for (const role of protocol.roles) {
    lines.push('', `  role ${role.name}${role.default ? ' (the default)' : ''}`, `    ${role.doc}`);
    if (role.joins) lines.push('    Can be added during a run: `add NODE: ' + role.name + '`.');
    lines.push(
      ...section(
        'settings',
        role.options.map((one) => [`${one.name}: ${one.default}`, one.doc]),
      ),
    );
    const operations = role.operations.map((one): [string, string] => [signature(one), one.doc]);
    lines.push(...section('operations', operations));
    if (role.messages.length > 0) lines.push(`    messages: ${role.messages.join(', ')}`);
    if (role.timers.length > 0) lines.push(`    timers: ${role.timers.join(', ')}`);
  }
  const modelled = protocol.modelled.map(({ name, doc }): [string, string] => [name, doc]);
  if (modelled.length > 0) lines.push('', ...section('modelled', modelled, '  '));
  lines.push(
    '',
    ...section(
      'events',
      protocol.events.map(({ name, doc }) => [name, doc]),
      '  ',
    ),
  );
  lines.push(
    '',
    ...section(
      'invariants',
      protocol.invariants.map(({ name, doc }) => [name, doc]),
      '  ',
    ),
  );
  lines.push(...historyLines(protocol));
  return `${lines.join('\n')}\n`;
}

/** What a line such as `history is linearizable` checks operations against. */
function historyLines({ specifications, transactions }: Description): string[] {
  const judged = specifications.map(({ name, doc }): [string, string] => [name, doc]);
  if (transactions !== undefined) judged.push(['transactions', transactions]);
  return judged.length === 0 ? [] : ['', ...section('history', judged, '  ')];
}

function signature(operation: { name: string; parameters: Record<string, string> }): string {
  const parameters = Object.entries(operation.parameters).map(([name, kind]) =>
    kind.endsWith('?') ? `[${name}]` : name,
  );
  return [operation.name, ...parameters].join(' ');
}

function section(title: string, entries: [string, string][], indent = '    '): string[] {
  if (entries.length === 0) return [];
  const width = Math.min(36, Math.max(...entries.map(([name]) => name.length)));
  return [
    `${indent}${title}`,
    ...entries.map(([name, doc]) => `${indent}  ${name.padEnd(width)}  ${doc}`),
  ];
}
