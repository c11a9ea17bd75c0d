// Where one points in any of the charts of a page, told to all of them without React.

export interface Pointed {
  x: number;
  axis: string; // only charts of the same axis follow
  source: object;
}

export class Crosshair {
  #listeners = new Set<(pointed: Pointed | undefined) => void>();

  /** Tell all charts where one points. */
  tell(pointed: Pointed | undefined): void {
    for (const listener of this.#listeners) listener(pointed);
  }

  /** Hear of it until what is returned is called. */
  hear(listener: (pointed: Pointed | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
