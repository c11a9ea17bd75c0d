// A field that narrows down what is shown, as one types.

interface SearchProps {
  what: string;
  value: string;
  onChange: (value: string) => void;
  className?: string;
  hint?: string; // how it may be used
  wrong?: string | undefined; // what the server says about it
}

export function Search({ what, value, onChange, className = "search", hint, wrong }: SearchProps) {
  return (
    <input
      className={`field ${className}`}
      type="search"
      placeholder={what}
      aria-label={what}
      aria-invalid={wrong ? true : undefined}
      title={wrong ?? hint}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
