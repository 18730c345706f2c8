/** What a command reads from and writes to; a test passes its own. */
export interface Io {
  /** Standard output: results. */
  out(text: string): void;
  /** Standard error: progress and complaints. */
  err(text: string): void;
  /** Reads standard input to its end. */
  stdin(): Promise<string>;
  /** Whether standard error is a terminal that can redraw a line. */
  readonly terminal: boolean;
  /** Whether standard output shows colours. */
  readonly color: boolean;
  /** Characters in a line. */
  readonly columns: number;
  /** Takes over Ctrl-C: the signal is aborted when the person asks to stop. Without this Ctrl-C ends the process. */
  interruption(): AbortSignal;
}
