// Snappy, as Parquet uses it: copies of what was before, and bytes as they are.

/** Return the bytes that were compressed. */
export function unsnap(bytes: Uint8Array, most: number): Uint8Array {
  let at = 0;
  let length = 0;
  for (let shift = 1; ; shift *= 128) {
    const byte = bytes[at] ?? 0;
    at += 1;
    length += (byte & 127) * shift;
    if (byte < 128 || at > 5) break;
  }
  if (length > most) throw new RangeError("A page is larger than it says.");
  const found = new Uint8Array(length);
  let to = 0;
  while (at < bytes.length && to < length) {
    const tag = bytes[at] ?? 0;
    at += 1;
    if ((tag & 3) === 0) {
      let size = tag >> 2;
      if (size >= 60) {
        const more = size - 59;
        size = little(bytes, at, more);
        at += more;
      }
      found.set(bytes.subarray(at, Math.min(at + size + 1, at + length - to)), to);
      at += size + 1;
      to += size + 1;
      continue;
    }
    const wide = (tag & 3) === 1 ? 1 : (tag & 3) === 2 ? 2 : 4;
    const size = wide === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const offset = little(bytes, at, wide) + (wide === 1 ? (tag >> 5) * 256 : 0);
    at += wide;
    if (offset === 0 || offset > to) throw new RangeError("A page is damaged.");
    // Byte by byte: a copy may reach into itself.
    const end = Math.min(to + size, length);
    for (; to < end; to += 1) found[to] = found[to - offset] ?? 0;
  }
  if (to < length) throw new RangeError("A page ends too early.");
  return found;
}

function little(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let place = size - 1; place >= 0; place -= 1) value = value * 256 + (bytes[at + place] ?? 0);
  return value;
}
