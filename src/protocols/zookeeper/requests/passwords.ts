/** The password of a session, which every server can compute (`generatePasswd`). */

/** Knuth's multiplicative hash stands for the random generator that the session's number seeds. */
export function passwordOf(session: string): string {
  const number = Number.parseInt(session, 16) % 0x10000000;
  return ((number * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0');
}
