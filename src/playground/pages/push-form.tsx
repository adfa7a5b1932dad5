import { STRIPE } from "../../demo/kamiyo.ts";
import { CHANGES } from "../changes-to-push.ts";
import type { Pull } from "../read.ts";
import { ActForm } from "./parts.tsx";
import type { Around } from "./view.ts";

/** What can be put into a commit, as check boxes. */
export function ChangeChoices({ chosen }: { chosen: readonly string[] }) {
  return (
    <fieldset class="plain">
      <legend>What the commit changes</legend>
      {CHANGES.map(({ id, label }) => (
        <label class="choice">
          <input type="checkbox" name="change" value={id} checked={chosen.includes(id)} /> {label}
        </label>
      ))}
    </fieldset>
  );
}

/** Pushes to the branch of a pull request. */
export function PushForm({ view, around }: { view: Pull; around: Around }) {
  const { pull, commits, files } = view;
  const chosen = CHANGES.filter(
    ({ id, paths }) => id !== "more" && paths.every((path) => files.some((file) => file.path === path)),
  ).map(({ id }) => id);
  return (
    <details class="box act">
      <summary>
        Push to <code>{pull.head.ref}</code> as {around.me.name}
      </summary>
      <ActForm
        act="push"
        around={around}
        fields={{ branch: pull.head.ref, repository: pull.head.repo?.full_name ?? "" }}
        class="box-body"
      >
        <ChangeChoices chosen={chosen} />
        <label for="push-message">Commit message</label>
        <textarea id="push-message" name="message" rows={11} class="code">
          {commits.at(-1)?.message ?? ""}
        </textarea>
        <fieldset class="plain">
          <legend>How</legend>
          <label class="choice">
            <input type="radio" name="how" value="replace" checked /> Replace what is on the branch (amend,
            force-push)
          </label>
          <label class="choice">
            <input type="radio" name="how" value="add" /> Add a commit
          </label>
        </fieldset>
        <button type="submit" class="button primary">
          Push
        </button>
        <p class="muted">
          The fix is one line in <code>{STRIPE}</code>.
        </p>
      </ActForm>
    </details>
  );
}
