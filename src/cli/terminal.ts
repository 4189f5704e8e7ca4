/** What the command line needs of the world around it; tests give it another. */

export interface Terminal {
  /** The text of a file; throws where it cannot be read. */
  read(file: string): string;
  /** The folder above which no import of a protocol leads, where the file stands in one. */
  workspace?(file: string): string | undefined;
  /** The version of this program. */
  version(): string;
  out(text: string): Promise<void>;
  error(text: string): Promise<void>;
}
