// A picture: fitted or as large as it is, smooth or pixel by pixel.
import { useState } from "react";
import { fileAddress, type Source } from "../../api/files";
import { nameOf } from "../../lib/kinds";
import { useField } from "../../state/location";

const SMALL = 320; // pixels

/** How pictures are looked at: a part of the address. */
export function useLook(): { className: string; tools: React.ReactNode } {
  const [look, setLook] = useField("look");
  const words = look.split(" ").filter(Boolean);
  const tools = (
    <span className="group">
      {(["full size", "pixels"] as const).map((one) => (
        <button
          key={one}
          type="button"
          className="button"
          aria-pressed={words.includes(one.replace(" ", "-"))}
          onClick={() => {
            const word = one.replace(" ", "-");
            const rest = words.filter((other) => other !== word);
            setLook((words.includes(word) ? rest : [...rest, word]).join(" "));
          }}
        >
          {one === "pixels" ? "Pixels" : "Full size"}
        </button>
      ))}
    </span>
  );
  return { className: `picture ${look}`, tools };
}

interface PictureProps {
  source: Source;
  alt: string;
  className: string;
  label: string;
  onSize?: (size: string) => void;
}

/** A picture in its place; a small one is enlarged by whole numbers where it is fitted. */
export function Picture({ source, alt, className, label, onSize }: PictureProps) {
  const [width, setWidth] = useState<number>();
  const isFitted = !className.includes("full-size");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a large picture is scrolled by keys
    <section className={className} aria-label={label} tabIndex={0}>
      <img
        src={fileAddress(source)}
        alt={alt}
        loading="lazy"
        style={isFitted && width ? { width } : undefined}
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
          const times = Math.floor(SMALL / Math.max(naturalWidth, naturalHeight, 1));
          setWidth(times > 1 ? naturalWidth * times : undefined);
          onSize?.(`${naturalWidth} × ${naturalHeight}`);
        }}
        onError={() => onSize?.("This picture cannot be shown. Download it to look into it.")}
      />
    </section>
  );
}

export function ImageFile({ source }: { source: Source }) {
  const { className, tools } = useLook();
  const [size, setSize] = useState("");
  return (
    <>
      <div className="line">
        {tools}
        <span className="quiet">{size}</span>
      </div>
      <Picture
        source={source}
        alt={nameOf(source.path)}
        className={className}
        label="Picture"
        onSize={setSize}
      />
    </>
  );
}
