// The button in the query line that opens the filter builder, which is loaded then.
import { lazy, Suspense } from "react";
import { Icon } from "../../components/icons";
import { PopupButton } from "../../components/popup-button";

const FilterBuilder = lazy(() => import("./filter-builder"));

interface FilterButtonProps {
  experimentIds: string[];
  value: string;
  onChange: (filter: string) => void;
}

export function FilterButton(props: FilterButtonProps) {
  return (
    <PopupButton
      label="Build a filter"
      text={<Icon name="filter" size={14} />}
      isTool
      button="quiet-button in-field"
      popup="broad"
    >
      {() => (
        <Suspense fallback={<p>Opening</p>}>
          <FilterBuilder {...props} />
        </Suspense>
      )}
    </PopupButton>
  );
}
