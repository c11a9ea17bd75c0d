// What a file is shown as, by its name.

export type Kind =
  | "image"
  | "page"
  | "pdf"
  | "audio"
  | "video"
  | "notebook"
  | "table"
  | "parquet"
  | "json"
  | "markdown"
  | "binary"
  | "text";

const ENDINGS: [Kind, string][] = [
  ["image", "png jpg jpeg gif webp bmp avif ico"],
  ["page", "html htm svg"],
  ["pdf", "pdf"],
  ["audio", "mp3 wav ogg oga flac m4a aac opus"],
  ["video", "mp4 webm mov m4v ogv"],
  ["notebook", "ipynb"],
  ["table", "csv tsv"],
  ["parquet", "parquet pq"],
  ["json", "json geojson"],
  ["markdown", "md markdown"],
  [
    "binary",
    "pkl pickle pt pth ckpt safetensors bin onnx pb h5 hdf5 npy npz zip gz tgz bz2 xz zst tar 7z whl so dll exe joblib cloudpickle skops db sqlite woff woff2 ttf tflite keras cbm ubj arrow feather orc avro",
  ],
];
const KINDS = new Map(
  ENDINGS.flatMap(([kind, endings]) => endings.split(" ").map((ending) => [ending, kind])),
);

/** Return what a file is shown as; what is not known is looked into as text. */
export function kindOf(path: string): Kind {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const at = name.lastIndexOf(".");
  return at < 0 ? "text" : (KINDS.get(name.slice(at + 1)) ?? "text");
}

/** Return the last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
