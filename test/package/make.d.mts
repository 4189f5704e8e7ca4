// The types of make.mjs.
export const packageFile: string;
export function makePackage(options?: { quiet?: boolean; file?: string }): boolean;
