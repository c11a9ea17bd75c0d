// The view of the page: read from the address, changed there, and partly found again the next time.
import { useCallback, useMemo, useState } from "react";
import { FIELDS, fieldsOf, KEPT, type View, viewOf } from "../../lib/view";
import { keepFields, lastFields } from "../../state/kept-views";
import { hrefOf, parsePlace, useFields } from "../../state/location";

/** Give an address that says nothing the fields that were kept: the address is the whole state. */
function restore(ids: string): true {
  const { path, fields } = parsePlace(window.location.hash);
  const kept = lastFields(ids);
  if (FIELDS.some((name) => fields.has(name)) || Object.keys(kept).length === 0) return true;
  const href = hrefOf(path, { ...Object.fromEntries(fields), ...kept });
  window.history.replaceState(null, "", href);
  return true;
}

/** Return the view, what changes a part of it, and its fields. */
export function useView(ids: string): [View, (part: Partial<View>) => void, URLSearchParams] {
  useState(() => restore(ids));
  const [fields, setFields] = useFields();
  const text = fields.toString();
  const view = useMemo(() => viewOf(new URLSearchParams(text)), [text]);
  const stable = useStableParts(view);
  const change = useCallback(
    (part: Partial<View>) => {
      const changes = fieldsOf(part);
      setFields(changes);
      keepFields(
        ids,
        Object.fromEntries(Object.entries(changes).filter(([name]) => KEPT.includes(name))),
      );
    },
    [ids, setFields],
  );
  return [stable, change, fields];
}

/** Return a view whose parts are the same objects as long as they say the same. */
function useStableParts(view: View): View {
  const [before, remember] = useState(view);
  if (before === view) return view;
  const now = fieldsOf(view);
  const was = fieldsOf(before);
  const next = { ...view };
  const names = Object.keys(view) as (keyof View)[];
  const keep = <K extends keyof View>(name: K) => {
    const [field] = Object.keys(fieldsOf({ [name]: view[name] }));
    if (field !== undefined && now[field] === was[field]) next[name] = before[name];
  };
  for (const name of names) keep(name);
  const isSame = names.every((name) => next[name] === before[name]);
  if (isSame) return before;
  remember(next);
  return next;
}
