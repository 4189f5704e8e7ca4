/** The words of a menu that asks for a value. */

export const labels = {
  take: 'Do it',
  cancel: 'Cancel',
} as const;
