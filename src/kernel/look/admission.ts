/** Checks what `admits` of a protocol returned: it is an author's code. */
import type { Admission } from '../../protocol/look.ts';

/** Undefined if it is not usable: then the event is shown like any other. */
export function checkedAdmission(value: unknown): Admission | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { accepted, from, what, token, reason } = value as Record<string, unknown>;
  if (typeof accepted !== 'boolean' || typeof from !== 'string') return undefined;
  return {
    accepted,
    from,
    ...(typeof what === 'string' && { what: what.slice(0, longest) }),
    ...((token === null || Number.isFinite(token)) && { token: token as number | null }),
    ...(typeof reason === 'string' && { reason: reason.slice(0, longest) }),
  };
}

const longest = 100;
