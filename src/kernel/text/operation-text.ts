/** Operations in the syntax of a scenario: unlike in traces, the arguments are not JSON. */
import type { Json } from '../../protocol/types.ts';
import type { ParameterSpec } from '../../protocol/values.ts';
import type { ShownUnit } from '../seam/moment.ts';
import { cutText, noUnits, printable, type Units, withUnit } from './data-text.ts';
import { formatDuration } from './duration.ts';

interface Operation {
  readonly operation: string;
  readonly args: Readonly<Record<string, Json>>;
}

/** The longest argument that is shown whole. */
const argumentMost = 100;

/**
 * `lock order42 ttl=10s`, `sql "SELECT 1"`. An argument of a parameter that is not known has the
 * unit of a field of its name.
 */
export function operationText(
  { operation, args }: Operation,
  parameters: Readonly<Record<string, ParameterSpec>>,
  units: Units = noUnits,
): string {
  const values = Object.entries(args).map(([name, value]) => {
    const spec = parameters[name];
    const inUnit = spec === undefined ? valueWithUnit(value, units[name]) : undefined;
    const text = inUnit ?? argumentText(value, spec);
    return spec?.endsWith('?') ? `${name}=${text}` : text;
  });
  return [operation, ...values].join(' ');
}

function argumentText(value: Json, spec: ParameterSpec | undefined): string {
  const isDuration = spec?.startsWith('duration') === true;
  if (!Array.isArray(value)) return itemText(value, isDuration);
  return cutText(`[${value.map((item) => itemText(item, isDuration)).join(', ')}]`, argumentMost);
}

/** `10s` of a number or of a list of them; undefined if it has no unit. */
export function valueWithUnit(value: unknown, unit: ShownUnit | undefined): string | undefined {
  if (unit === undefined) return undefined;
  if (typeof value === 'number') return withUnit(value, unit);
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'number');
  return isList ? `[${value.map((item) => withUnit(item, unit)).join(', ')}]` : undefined;
}

const word = /^(?!(true|false|null)$)[^\s"'#|:=,[\]{}\d+-][^\s"'#|:=,[\]{}]*$/;

/** With quotes if it would otherwise be read as something else. */
function itemText(value: Json, isDuration: boolean): string {
  if (typeof value === 'number' && isDuration) return formatDuration(value);
  const isWord = typeof value === 'string' && word.test(value);
  const text = isWord ? value : (JSON.stringify(value) ?? 'null');
  return cutText(printable(text), argumentMost);
}
