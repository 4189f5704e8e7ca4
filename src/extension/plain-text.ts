/** Text that is not Lockstep's own, where VS Code would read markup into it. */

/** Nothing that is seen, between the two characters that begin a link or an icon. */
const joint = '\u200b';

/**
 * Notifications turn `[text](command:…)` into a link, and lists turn `$(name)` into an icon.
 * Promises and conditions are texts of a workspace, which must not become either.
 */
export function plainText(text: string): string {
  return text.replace(/\](?=\()/g, `]${joint}`).replace(/\$(?=\()/g, () => `$${joint}`);
}
