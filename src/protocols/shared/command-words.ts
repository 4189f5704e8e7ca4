/** Commands of a state machine as short text, for the summaries of messages and events. */

/** The values of a command in their order, as they are typed: `put x 1`. */
export function commandWords(command: unknown): string {
  if (typeof command !== 'object' || command === null) return String(command);
  const words = Object.values(command).map(commandWords).filter((word) => word !== '');
  return Array.isArray(command) ? `[${words.join(', ')}]` : words.join(' ');
}
