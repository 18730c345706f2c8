/** What the person who typed the command can put right: its message is the whole of what is printed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
