// A box to tick that stands alone: its label is as large as a finger where there is one.
import type { ChangeEvent } from "react";

interface CheckProps {
  label: string;
  checked: boolean;
  isMixed?: boolean; // some of what it stands for is ticked
  onChange: (event: ChangeEvent<HTMLInputElement>) => void;
}

export function Check({ label, checked, isMixed = false, onChange }: CheckProps) {
  return (
    <label className="check">
      <input
        type="checkbox"
        aria-label={label}
        checked={checked}
        ref={(box) => {
          if (box) box.indeterminate = isMixed;
        }}
        onChange={onChange}
      />
    </label>
  );
}
