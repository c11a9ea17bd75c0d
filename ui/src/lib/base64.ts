// Bytes as JSON carries them.

/** Return the bytes of a base64 text; none where it is no such text. */
export function bytesOf(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

/** Return bytes as text; what is no UTF-8 shows as such. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
