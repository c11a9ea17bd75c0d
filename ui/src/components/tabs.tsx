// The parts of a page, as links: which one is shown is in the address.
import { hrefOf } from "../state/location";

interface TabsProps {
  label: string;
  tabs: readonly (readonly [id: string, label: string])[]; // the first is shown unasked
  shown: string | undefined;
  path: string;
  fields?: Record<string, string>; // what else stays in the address
}

export function Tabs({ label, tabs, shown, path, fields }: TabsProps) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(([id, text], at) => (
        <a
          key={id}
          href={hrefOf(path, { ...fields, tab: at === 0 ? undefined : id })}
          aria-current={shown === id ? "page" : undefined}
        >
          {text}
        </a>
      ))}
    </nav>
  );
}
