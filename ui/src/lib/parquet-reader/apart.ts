// A reader of a Parquet file in a worker of its own, which is ended when it takes too long.
import type { ParquetColumn, ParquetFile } from "./footer";
import type { Part } from "./pages";
import type { Answer, Job } from "./worker";

const MARK = "PAR1";
const LONGEST = 20_000; // milliseconds of a job

/** Return how long the description of a file is, from the last eight bytes of it. */
export function footerLength(end: Uint8Array): number {
  if (end.length < 8 || new TextDecoder().decode(end.subarray(-4)) !== MARK) {
    throw new RangeError("This is no Parquet file, or one that is encrypted.");
  }
  return new DataView(end.buffer, end.byteOffset + end.length - 8, 4).getUint32(0, true);
}

export class ParquetReader {
  private worker: Worker | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private stop: ((why: string) => void) | undefined;

  footer(bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<ParquetFile> {
    return this.after({ kind: "footer", bytes }, signal) as Promise<ParquetFile>;
  }

  column(column: ParquetColumn, parts: Part[], most: number, signal: AbortSignal) {
    const job: Job = { kind: "column", column, parts, most };
    return this.after(job, signal) as Promise<(string | null)[]>;
  }

  /** Give back what it holds; it begins anew when it is asked again. */
  end(why = "It is not wanted any more."): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.stop?.(why);
  }

  /** Do a job after those before it: the time is each one's own. */
  private after(job: Job, signal: AbortSignal): Promise<unknown> {
    const turn = this.last.then(() => {
      signal.throwIfAborted();
      return this.ask(job);
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async ask(job: Job): Promise<unknown> {
    this.worker ??= new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    const worker = this.worker;
    const timer = setTimeout(() => this.end("It takes too long to read."), LONGEST);
    try {
      return await new Promise((resolve, reject) => {
        this.stop = (why) => reject(new RangeError(why));
        worker.onerror = () => this.end("It could not be read.");
        worker.onmessage = ({ data }: MessageEvent<Answer>) =>
          "result" in data ? resolve(data.result) : reject(new RangeError(data.error));
        worker.postMessage(job);
      });
    } finally {
      clearTimeout(timer);
      this.stop = undefined;
    }
  }
}
