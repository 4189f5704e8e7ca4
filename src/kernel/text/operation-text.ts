/** Operations as a scenario writes them: unlike in traces, the arguments are not JSON. */
import type { Json, ParameterSpec } from '../../protocol/types.ts';
import { cutText, printable } from './data-text.ts';
import { formatDuration } from './duration.ts';

interface Operation {
  readonly operation: string;
  readonly args: Readonly<Record<string, Json>>;
}

/** The longest argument that is shown whole. */
const argumentMost = 100;

/** `lock order42 ttl=10s`, `sql "SELECT 1"`. */
export function operationText(
  { operation, args }: Operation,
  parameters: Readonly<Record<string, ParameterSpec>>,
): string {
  const values = Object.entries(args).map(([name, value]) => {
    const spec = parameters[name];
    const text = argumentText(value, spec);
    return spec?.endsWith('?') ? `${name}=${text}` : text;
  });
  return [operation, ...values].join(' ');
}

function argumentText(value: Json, spec: ParameterSpec | undefined): string {
  if (typeof value === 'number' && spec?.startsWith('duration')) return formatDuration(value);
  const isWord = typeof value === 'string' && /^[^\s"'#|:=,[\]{}]+$/.test(value);
  const text = isWord ? value : (JSON.stringify(value) ?? 'null');
  return cutText(printable(text), argumentMost);
}
