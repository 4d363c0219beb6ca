import { open } from 'node:fs/promises';

/** What a writer is about to send. `mark` is text that only this operation brings into a story. */
export interface Intent {
  readonly line: 'intent';
  readonly op: string;
  readonly kind: 'create' | 'save' | 'publish';
  readonly mark: string;
  readonly article: string | null;
  readonly ifMatch: number | null;
  readonly key: string | null;
}

/** What came back; `status` is null when nothing did. An operation with a key may have several. */
export interface Outcome {
  readonly line: 'outcome';
  readonly op: string;
  readonly status: number | null;
  readonly article: string | null;
  readonly version: number | null;
  readonly error: string | null;
}

export type Line = Intent | Outcome;

export interface Journal {
  /** Resolves when the line is on the disk. */
  append(line: Line): Promise<void>;
  /** Everything that is on the disk. */
  read(): Promise<Line[]>;
  close(): Promise<void>;
}

interface Waiting {
  readonly text: string;
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}

/** A file of the client's own memory: what it meant to do and what it was told, each line synced before it goes on. */
export async function openJournal(path: string): Promise<Journal> {
  const file = await open(path, 'a+');
  let waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;

  async function write(): Promise<void> {
    // Lines that come in while the disk is busy share the next sync.
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await file.appendFile(batch.map(({ text }) => text).join(''));
        await file.datasync();
        for (const { written } of batch) written();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    writing = null;
  }

  return {
    append: (line) =>
      new Promise((written, failed) => {
        waiting.push({ text: `${JSON.stringify(line)}\n`, written, failed });
        writing ??= write();
      }),
    async read() {
      const reader = await open(path, 'r');
      try {
        return (await reader.readFile('utf8'))
          .trim()
          .split('\n')
          .filter(Boolean)
          .map((text) => JSON.parse(text));
      } finally {
        await reader.close();
      }
    },
    async close() {
      await writing;
      await file.close();
    },
  };
}
