// What pages are compressed with: all in JavaScript, and each is loaded when a page needs it.
import { type CompressionCodec, snappyUncompress } from "hyparquet";
import { Unreadable } from "./checks";

/** Return the bytes that were compressed: as many as were said, or it is an error. */
export async function unpack(
  bytes: Uint8Array<ArrayBuffer>,
  codec: CompressionCodec | undefined,
  size: number,
): Promise<Uint8Array<ArrayBuffer>> {
  switch (codec) {
    case "UNCOMPRESSED":
      return bytes;
    case "SNAPPY": {
      const found = new Uint8Array(size);
      snappyUncompress(bytes, found);
      return found;
    }
    case "GZIP":
      return gunzip(bytes, size);
    case "ZSTD": {
      const { decompress } = await import("fzstd");
      // What does not fit into the array that it is given is lost, not kept.
      const found = new Uint8Array(size);
      decompress(bytes, found);
      return found;
    }
    case "BROTLI": {
      const { decompressBrotli } = await import("hyparquet-compressors/src/brotli.js");
      return new Uint8Array(decompressBrotli(bytes, size));
    }
    case "LZ4":
    case "LZ4_RAW": {
      const lz4 = await import("hyparquet-compressors/src/lz4.js");
      const found = codec === "LZ4" ? lz4.decompressLz4 : lz4.decompressLz4Raw;
      return new Uint8Array(found(bytes, size));
    }
    default:
      throw new Unreadable(
        codec ? `It is compressed with ${codec}, which is not read here.` : "It is encrypted.",
      );
  }
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>, size: number) {
  const found = new Uint8Array(size);
  let at = 0;
  const unzipped = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const reader = unzipped.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return found.subarray(0, at);
    if (at + value.length > size) {
      await reader.cancel();
      throw new Unreadable("A page is larger than it says.");
    }
    found.set(value, at);
    at += value.length;
  }
}
