/** A watch's eye on its file or folder. */
export interface Watching {
  /** Why it can't see; null while it can. */
  problem(): string | null;
  /** What was there when it last looked; null where it could not. */
  seen(): string | null;
  /** Looks again, now. */
  look(): void;
  close(): Promise<void>;
}
