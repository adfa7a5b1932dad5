import type { LabelJson } from "../../sandbox/index.ts";
import { ActForm, Avatar, Label, Who } from "./parts.tsx";
import type { Around } from "./view.ts";

/** Labels and people beside an issue or pull request. */
export function Sidebar(props: {
  number: number;
  labels: readonly string[];
  all: readonly LabelJson[];
  people: readonly { login: string; state: string }[];
  around: Around;
  title?: string;
}) {
  const { number, labels, all, people, around, title = "Reviewers" } = props;
  return (
    <aside class="sidebar" aria-label={`${title} and labels`}>
      <h2>{title}</h2>
      {people.length === 0 ? <p class="muted">None yet</p> : null}
      <ul class="plain">
        {people.map(({ login, state }) => (
          <li>
            <Avatar login={login} /> <Who login={login} /> <span class="muted">{state}</span>
          </li>
        ))}
      </ul>
      <h2>Labels</h2>
      {labels.length === 0 ? <p class="muted">None yet</p> : null}
      <ul class="plain">
        {labels.map((label) => (
          <li>
            <ActForm act="remove-label" around={around} fields={{ number, label }} class="inline">
              <Label name={label} />{" "}
              <button type="submit" class="icon" aria-label={`Remove the label ${label}`}>
                ✕
              </button>
            </ActForm>
          </li>
        ))}
      </ul>
      <ActForm act="add-label" around={around} fields={{ number }} class="row">
        <select name="label" class="grow" aria-label="Label to add">
          {all
            .filter(({ name }) => !labels.includes(name))
            .map(({ name }) => (
              <option value={name}>{name}</option>
            ))}
        </select>
        <button type="submit" class="button">
          Add
        </button>
      </ActForm>
      <p class="muted">as {around.me.name}</p>
    </aside>
  );
}
