const MAX_CHARS = 16_384;
const FLUSH_MS = 1000;
/** What is kept in memory of the end, for messages. */
const TAIL_CHARS = 8192;

/** Gathers what an installation prints, and hands it on about every second, in order. */
export class OutputBuffer {
  private waiting = '';
  private writing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  tail = '';

  /** `write` keeps one piece; an error of it is handed to `onError`, and that piece is lost. */
  constructor(
    private readonly write: (text: string) => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  push(text: string): void {
    this.waiting += text;
    this.tail = (this.tail + text).slice(-TAIL_CHARS);
    if (this.waiting.length >= MAX_CHARS) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const text = this.waiting;
    this.waiting = '';
    if (text) this.writing = this.writing.then(() => this.write(text)).catch(this.onError);
  }

  /** Resolves when everything has been handed on. */
  async end(): Promise<void> {
    this.flush();
    await this.writing;
  }
}
