// Which quantity a chart has across.
import { useId } from "react";

const SHOWN = 500; // metrics to choose from in a list that one can still open

interface AxisProps {
  value: string;
  metrics: string[];
  usual?: string; // what the empty choice says, where there is one
  onChange: (value: string) => void;
}

export function AxisChoice({ value, metrics, usual, onChange }: AxisProps) {
  const id = useId();
  return (
    <div className="line">
      <label htmlFor={id}>x axis</label>
      <select
        id={id}
        className="field choice"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        {usual ? <option value="">{usual}</option> : null}
        <option value="step">Step</option>
        <option value="relative">Relative time</option>
        <option value="time">Time</option>
        <optgroup label="Metric">
          {metrics.slice(0, SHOWN).map((key) => (
            <option key={key} value={`metric:${key}`}>
              {key}
            </option>
          ))}
        </optgroup>
      </select>
    </div>
  );
}
