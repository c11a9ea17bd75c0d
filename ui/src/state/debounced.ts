// A value that stands still: what is asked of the server follows typing at a distance.
import { useEffect, useState } from "react";

/** Return the value as it was when it last stood still for some milliseconds. */
export function useDebounced<T>(value: T, ms = 150): T {
  const [still, settle] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => settle(value), ms);
    return () => window.clearTimeout(timer);
  }, [value, ms]);
  return still;
}
