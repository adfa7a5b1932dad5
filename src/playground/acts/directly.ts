import { REPO } from "../../demo/kamiyo.ts";
import type { Act } from "./act.ts";
import { pushCommit, revertOn } from "./pulls.ts";

/** `git merge --no-ff <branch> && git push`, without a pull request. */
export const mergeDirectly: Act = async ({ company, login, form }) => {
  const branch = form.need("branch", "The branch");
  await company.sandbox.git(REPO).mergeNoFf(login, "main", branch);
  return { said: `Pushed ${branch} directly to main.` };
};

/** `git commit && git push` on `main`. */
export const pushDirectly: Act = async ({ company, login, form }) => {
  await pushCommit(company.sandbox, login, {
    branch: "main",
    message: form.need("message", "The commit message"),
    changes: form.all("change"),
    replace: false,
  });
  return { said: "Pushed directly to main." };
};

/** `git revert <sha> && git push` on `main`. */
export const revertDirectly: Act = async ({ company, login, form }) => {
  await revertOn(company.sandbox, login, "main", form.need("sha", "The commit"));
  return { said: "Reverted on main." };
};

const LENGTHS: Readonly<Record<string, string>> = {
  "15": "15 minutes",
  "60": "An hour",
  "240": "4 hours",
  "1440": "A day",
};

export const wait: Act = async ({ company, form }) => {
  const minutes = form.one("minutes", Object.keys(LENGTHS));
  await company.pass(Number(minutes));
  return { said: `${LENGTHS[minutes]} later. Hotfix Guard looks at what is due.` };
};
