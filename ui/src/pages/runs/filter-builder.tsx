// A filter by hand: tests and groups of tests, as a tree that is the query line's text.
import { useMemo } from "react";
import { useValues } from "../../api/run-keys";
import { KeyField } from "../../components/key-field";
import {
  type Field,
  filterText,
  isNumeric,
  type Node,
  operatorsOf,
  parseFilter,
  type Test,
} from "../../lib/filter";
import { type Column, columnOf, type Kind } from "../../lib/runset";

type Joint = "and" | "or" | "none";

interface Group {
  joint: Joint;
  operands: Node[];
}

const KINDS: Kind[] = ["metrics", "params", "tags", "attributes"];
const JOINTS: [Joint, string][] = [
  ["and", "all of these hold"],
  ["or", "any of these holds"],
  ["none", "none of these holds"],
];
const FIRST: Test = {
  is: "test",
  field: { kind: "attributes", key: "status" },
  operator: "=",
  values: ["FINISHED"],
};

/** Return a node as a group of what it joins. */
function groupOf(node: Node | undefined): Group {
  if (!node) return { joint: "and", operands: [] };
  if (node.is === "and" || node.is === "or") return { joint: node.is, operands: node.operands };
  if (node.is === "not") {
    const { operand } = node;
    return { joint: "none", operands: operand.is === "or" ? operand.operands : [operand] };
  }
  return { joint: "and", operands: [node] };
}

/** Return a group as a node; a group of one that is no negation stays a group where `keeps`. */
function nodeOf({ joint, operands }: Group): Node | undefined {
  const [first] = operands;
  if (!first) return undefined;
  if (joint === "none") {
    return { is: "not", operand: operands.length > 1 ? { is: "or", operands } : first };
  }
  return operands.length > 1 ? { is: joint, operands } : first;
}

interface BuilderProps {
  experimentIds: string[];
  value: string;
  onChange: (filter: string) => void;
}

export default function FilterBuilder({ experimentIds, value, onChange }: BuilderProps) {
  const tree = useMemo(() => {
    try {
      return { node: parseFilter(value) };
    } catch {
      return undefined;
    }
  }, [value]);
  if (!tree) {
    return <p>The query cannot be read as it stands. Mend it in the line, or clear it.</p>;
  }
  return (
    <GroupForm
      experimentIds={experimentIds}
      group={groupOf(tree.node)}
      onChange={(group) => onChange(filterText(nodeOf(group)))}
    />
  );
}

interface GroupFormProps {
  experimentIds: string[];
  group: Group;
  onChange: (group: Group) => void;
  onRemove?: () => void;
}

function GroupForm({ experimentIds, group, onChange, onRemove }: GroupFormProps) {
  const { joint, operands } = group;
  const replace = (at: number, by: Node | undefined) =>
    onChange({
      joint,
      operands: operands.flatMap((one, place) => (place === at ? (by ? [by] : []) : [one])),
    });
  return (
    <fieldset className="filter-group" aria-label="Filters">
      <div className="line">
        <select
          className="field setting"
          aria-label="How the filters are joined"
          value={joint}
          onChange={(event) => onChange({ joint: event.target.value as Joint, operands })}
        >
          {JOINTS.map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
        {onRemove ? (
          <button type="button" className="plain" onClick={onRemove}>
            Remove the group
          </button>
        ) : null}
      </div>
      {operands.map((operand, at) =>
        operand.is === "test" ? (
          <TestForm
            // biome-ignore lint/suspicious/noArrayIndexKey: a filter is its place in the group
            key={at}
            experimentIds={experimentIds}
            test={operand}
            onChange={(by) => replace(at, by)}
          />
        ) : (
          <GroupForm
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            key={at}
            experimentIds={experimentIds}
            group={groupOf(operand)}
            onChange={(by) => replace(at, nodeOf(by))}
            onRemove={() => replace(at, undefined)}
          />
        ),
      )}
      <div className="line">
        <button
          type="button"
          className="button"
          onClick={() => onChange({ joint, operands: [...operands, FIRST] })}
        >
          New filter
        </button>
        <button
          type="button"
          className="button"
          onClick={() =>
            onChange({
              joint,
              // Two tests of another joint: a group of one would be no group in the text.
              operands: [
                ...operands,
                { is: joint === "or" ? "and" : "or", operands: [FIRST, FIRST] },
              ],
            })
          }
        >
          New group
        </button>
      </div>
    </fieldset>
  );
}

interface TestFormProps {
  experimentIds: string[];
  test: Test;
  onChange: (test: Test | undefined) => void;
}

/** Return values that an operator of a field takes, as near as can be to those that were there. */
function fitting(field: Field, operator: string, before: Test["values"]): Test["values"] {
  if (operator.endsWith("NULL")) return [];
  const usual = isNumeric(field) ? 0 : "";
  const fit = before.filter((one) => typeof one === typeof usual);
  if (operator.endsWith("BETWEEN")) return [fit[0] ?? usual, fit[1] ?? fit[0] ?? usual];
  return operator.endsWith("IN") ? (fit.length > 0 ? fit : [usual]) : [fit[0] ?? usual];
}

function TestForm({ experimentIds, test, onChange }: TestFormProps) {
  const { field, operator, values } = test;
  const operators = operatorsOf(field);
  const column = field.kind === "datasets" ? undefined : columnOf(field.kind as Kind, field.key);
  const change = (part: Partial<Test>) => {
    const next = { ...test, ...part };
    const known = operatorsOf(next.field);
    const sign = known.includes(next.operator) ? next.operator : (known[0] ?? "=");
    onChange({ ...next, operator: sign, values: fitting(next.field, sign, next.values) });
  };
  return (
    <div className="filter-test">
      {column ? (
        <KeyField
          label="Field"
          experimentIds={experimentIds}
          kinds={KINDS}
          value={column}
          onChoose={(chosen) =>
            change({ field: { kind: chosen.kind as Field["kind"], key: chosen.key } })
          }
        />
      ) : (
        <code>datasets.{field.key}</code>
      )}
      <select
        className="field"
        aria-label="Operator"
        value={operator}
        onChange={(event) => change({ operator: event.target.value })}
      >
        {(operators.includes(operator) ? operators : [...operators, operator]).map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      <Values
        experimentIds={experimentIds}
        column={column}
        test={test}
        onChange={(next) => onChange({ ...test, values: next })}
      />
      <button
        type="button"
        className="quiet-button"
        aria-label={`Remove the filter of ${field.key}`}
        onClick={() => onChange(undefined)}
      >
        ✕
      </button>
      {values.length > 8 ? <span className="quiet">{values.length} values</span> : null}
    </div>
  );
}

interface ValuesProps {
  experimentIds: string[];
  column: Column | undefined;
  test: Test;
  onChange: (values: Test["values"]) => void;
}

function Values({ experimentIds, column, test, onChange }: ValuesProps) {
  const { field, operator, values } = test;
  const canList =
    field.kind === "params" || field.kind === "tags" || ["user_id", "status"].includes(field.key);
  const { data } = useValues(experimentIds, canList ? column : undefined);
  const id = `values of ${column?.id ?? field.key}`;
  if (operator.endsWith("NULL")) return <span />;
  const isNumber = isNumeric(field);
  if (operator.endsWith("IN")) {
    return (
      <input
        className="field"
        aria-label="Values between commas"
        defaultValue={values.join(", ")}
        onBlur={(event) => {
          const parts = event.target.value.split(",").map((one) => one.trim());
          const given = parts.filter(Boolean).map((one) => (isNumber ? Number(one) || 0 : one));
          if (given.length > 0) onChange(given);
        }}
      />
    );
  }
  return (
    <span className="filter-values">
      {values.map((value, at) => (
        <input
          // biome-ignore lint/suspicious/noArrayIndexKey: a value is its place
          key={at}
          className="field"
          type={isNumber ? "number" : "text"}
          step="any"
          aria-label={at === 0 ? "Value" : "Value at most"}
          list={isNumber ? undefined : id}
          value={value}
          onChange={(event) => {
            const given = isNumber ? event.target.valueAsNumber : event.target.value;
            if (Number.isNaN(given)) return;
            onChange(values.map((one, place) => (place === at ? given : one)));
          }}
        />
      ))}
      {data ? (
        <datalist id={id}>
          {data.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      ) : null}
    </span>
  );
}
