// Saved views: whole addresses by a name, one's own or shared with all who see the experiment.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { sharedViews, shareView, unshareView } from "../../api/run-acts";
import type { Experiment } from "../../api/wire";
import { PopupButton } from "../../components/popup-button";
import { say, sayError } from "../../components/toast";
import { keepView, keptViews } from "../../state/kept-views";

interface ViewsProps {
  ids: string;
  experiment: Experiment | undefined; // of several there are no shared views
  fields: URLSearchParams;
}

export function Views(props: ViewsProps) {
  return (
    <PopupButton label="Views" text="Views">
      {() => <ViewsForm {...props} />}
    </PopupButton>
  );
}

function ViewsForm({ ids, experiment, fields }: ViewsProps) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [isShared, share] = useState(false);
  const [own, setOwn] = useState(() => keptViews(ids));
  const id = experiment?.experiment_id;
  const shared = sharedViews(experiment);
  const renew = () => client.invalidateQueries({ queryKey: ["experiment", id] });
  const keepOwn = (which: string, text: string | undefined) => {
    keepView(ids, which, text);
    setOwn(keptViews(ids));
  };
  const keepShared = async (which: string, text: string | undefined) => {
    if (id === undefined) return;
    if (text === undefined) await unshareView(id, which);
    else await shareView(id, which, text);
    await renew();
  };
  const save = async () => {
    const which = name.trim();
    if (!which) return;
    try {
      if (isShared) await keepShared(which, fields.toString());
      else keepOwn(which, fields.toString());
      say(`The view “${which}” is saved${isShared ? " for everybody" : ""}.`);
      setName("");
    } catch (error) {
      sayError(error);
    }
  };
  const remove = async (which: string, text: string, isOfAll: boolean) => {
    const keep = async (value: string | undefined) =>
      isOfAll ? keepShared(which, value) : keepOwn(which, value);
    try {
      await keep(undefined);
      say(`The view “${which}” is gone.`, async () => keep(text));
    } catch (error) {
      sayError(error);
    }
  };
  const list = (views: Map<string, string>, isOfAll: boolean) => (
    <ul className="picks">
      {[...views].map(([which, text]) => (
        <li key={which} className="pick">
          <a className="grow" href={`#/experiments/${ids}${text ? `?${text}` : ""}`}>
            {which}
          </a>
          <button
            type="button"
            className="quiet-button"
            aria-label={`Delete the view ${which}`}
            onClick={() => remove(which, text, isOfAll)}
          >
            ✕
          </button>
        </li>
      ))}
    </ul>
  );
  return (
    <>
      <h2>Your views</h2>
      {own.size > 0 ? list(own, false) : <p className="quiet">None yet.</p>}
      {experiment ? (
        <>
          <h2>Shared views</h2>
          {shared.size > 0 ? list(shared, true) : <p className="quiet">None yet.</p>}
        </>
      ) : null}
      <form
        className="form-lines"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <input
          className="field"
          aria-label="Name of the view"
          placeholder="Save what is shown as…"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {experiment ? (
          <label className="line">
            <input
              type="checkbox"
              checked={isShared}
              onChange={(event) => share(event.target.checked)}
            />
            For everybody who sees the experiment
          </label>
        ) : null}
        <button type="submit" className="button">
          Save
        </button>
      </form>
    </>
  );
}
