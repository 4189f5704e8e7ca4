/** Writes what package.json says of each panel, and moves its English to package.nls.json. */
export function writeManifest(root: string): Promise<void>;
