// Reads apart from the page: what a hostile file makes endless can be ended.
import { Unreadable } from "./checks";
import { type ParquetColumn, parseFooter } from "./footer";
import { type Part, readColumn } from "./pages";

export type Job =
  | { kind: "footer"; bytes: Uint8Array<ArrayBuffer> }
  | { kind: "column"; column: ParquetColumn; parts: Part[]; most: number };

export type Answer = { result: unknown } | { error: string };

async function answer(job: Job): Promise<Answer> {
  try {
    const result =
      job.kind === "footer"
        ? parseFooter(job.bytes)
        : await readColumn(job.column, job.parts, job.most);
    return { result };
  } catch (error) {
    if (error instanceof Unreadable) return { error: error.message };
    // What the library says when it stumbles.
    const why = error instanceof Error ? error.message : String(error);
    return { error: `This file is damaged, or of a kind that is not read here (${why}).` };
  }
}

self.onmessage = async ({ data }: MessageEvent<Job>) => self.postMessage(await answer(data));
