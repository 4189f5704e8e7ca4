/** What the command line needs of its surroundings. Tests pass their own. */
import type { Finder } from '../dap/find/finder.ts';
import type {
  SearchJob, SearchThread, SeedsJob, SeedsThread, WalkChunk, WalkJob,
} from './seeds/seeds-thread.ts';

export interface Terminal {
  /** The text of a file, or of the standard input for `-`. Throws if it cannot be read. */
  read(file: string): string;
  /** The absolute path of a file, with `/`. Absent if there is no folder in which commands run. */
  whole?(file: string): string;
  /** The path with links followed, if it exists. Absent if there are no links. */
  real?(file: string): string;
  /**
   * The same for all names of one file, for one that has several; undefined for any other. Absent
   * if files have only one.
   */
  inode?(file: string): string | undefined;
  /**
   * Begins a new file, in place of an existing one, and the folders that it needs. Absent if files
   * cannot be written.
   */
  create?(file: string): Output;
  /** Writes a whole file and the folders that it needs. Absent if files cannot be written. */
  write?(file: string, text: string): void;
  /** The same for a file that does not exist: throws if there is anything of that name. */
  writeNew?(file: string, text: string): void;
  /**
   * Why nothing can be written at a place, as far as that is known before; undefined if it can.
   * Throws if it may not be looked at. Absent if there are no folders.
   */
  whyUnwritable?(place: string, kind: 'file' | 'folder'): string | undefined;
  /** The text of a file that ships, by its path in `dist`. Absent if there are none. */
  shipped?(file: string): string;
  /** Compresses a text with `deflate-raw`, as base64. Absent if files cannot be written. */
  deflated?(text: string): string;
  /**
   * The scenario files below a folder, *.scenario.yaml and *.scenario.yml, sorted, at most `most`;
   * undefined if there is no such folder. Absent if folders cannot be searched.
   */
  scenarios?(most: number, folder?: string): string[] | undefined;
  /** Lets other work run during a long run, and rejects to end it. Absent if nothing else waits. */
  rest?(): Promise<void>;
  /** Other threads, and how many are useful. Absent if there are none. */
  readonly threads?: {
    readonly count: number;
    start(job: SeedsJob): SeedsThread;
    walk(job: WalkJob): SeedsThread<WalkChunk>;
    search(job: SearchJob): SearchThread;
    readonly find?: Finder;
  };
  /**
   * The file of this program, beside which packages may be installed, and what tells builds apart.
   * Absent if jobs cannot be given to a queue.
   */
  readonly program?: { readonly file: string; readonly build: string };
  /** The version of this program. */
  version(): string;
  out(text: string): Promise<void>;
  error(text: string): Promise<void>;
}

/** A file that is being written. Both methods reject if the file cannot be written. */
export interface Output {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}
