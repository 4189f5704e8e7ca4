/** What was thrown, as text: anything may be thrown, and nothing of it throws once more. */
import { cut, shown } from './shown.ts';

/** What an error says; a value that is no error is shown. */
export function thrownText(thrown: unknown): string {
  if (typeof thrown === 'string' && thrown !== '') return cut(thrown, 200);
  try {
    if (!(thrown instanceof Error)) return shown(thrown);
    const { message, name } = thrown as { message: unknown; name: unknown };
    if (typeof message !== 'string') return shown(message);
    return message !== '' || typeof name !== 'string' ? message : name;
  } catch {
    return 'an error that cannot be read';
  }
}

/** The call stack of an error; undefined where it has none. */
export function thrownStack(thrown: unknown): string | undefined {
  try {
    const stack: unknown = thrown instanceof Error ? thrown.stack : undefined;
    return typeof stack === 'string' && stack !== '' ? stack : undefined;
  } catch {
    return undefined;
  }
}
