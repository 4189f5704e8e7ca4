// The types of eventually.mjs.
export function eventually<T>(
  read: () => T | undefined | Promise<T | undefined>,
  what: string,
): Promise<T>;
