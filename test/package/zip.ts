/** Lists the entries of a zip archive, which is what a .vsix file is. */
import { readFileSync } from 'node:fs';

export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  readonly compressedSize: number;
}

// The records of the zip format (PKWARE APPNOTE 4.3.12 and 4.3.16), each found by its signature.
const endSignature = 0x06054b50;
const endLength = 22;
const entrySignature = 0x02014b50;
const entryLength = 46;

export function zipEntries(file: string): ZipEntry[] {
  const bytes = readFileSync(file);
  let end = bytes.length - endLength;
  while (end >= 0 && bytes.readUInt32LE(end) !== endSignature) end--;
  if (end < 0) throw new Error(`${file} is not a zip archive`);
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== entrySignature) throw new Error(`${file} is damaged at ${at}`);
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + entryLength, at + entryLength + nameLength);
    const compressedSize = bytes.readUInt32LE(at + 20);
    entries.push({ name, size: bytes.readUInt32LE(at + 24), compressedSize });
    at += entryLength + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}
