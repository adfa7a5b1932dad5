import { REPO } from "../../demo/kamiyo.ts";
import type { Act } from "./act.ts";

export const comment: Act = async ({ company, login, form }) => {
  await company.sandbox.as(login).comment(REPO, form.number("number"), form.need("body", "The comment"));
  return { said: "Commented." };
};

const REVIEWS = {
  APPROVED: "Approved.",
  CHANGES_REQUESTED: "Changes requested.",
  COMMENTED: "Reviewed.",
} as const;

export const review: Act = async ({ company, login, form }) => {
  const state = form.one("state", ["APPROVED", "CHANGES_REQUESTED", "COMMENTED"]);
  const body = form.text("body").trim();
  await company.sandbox
    .as(login)
    .review(REPO, form.number("number"), state, ...(body === "" ? [] : ([body] as const)));
  return { said: REVIEWS[state] };
};

export const addLabel: Act = async ({ company, login, form }) => {
  const label = form.need("label", "The label");
  await company.sandbox.as(login).addLabel(REPO, form.number("number"), label);
  return { said: `Label ${label} added.` };
};

export const removeLabel: Act = async ({ company, login, form }) => {
  const label = form.need("label", "The label");
  await company.sandbox.as(login).removeLabel(REPO, form.number("number"), label);
  return { said: `Label ${label} removed.` };
};

export const closeIssue: Act = async ({ company, login, form }) => {
  await company.sandbox.as(login).closeIssue(REPO, form.number("number"));
  return { said: "Closed." };
};

export const reopenIssue: Act = async ({ company, login, form }) => {
  await company.sandbox.as(login).reopenIssue(REPO, form.number("number"));
  return { said: "Reopened." };
};

export const editIssue: Act = async ({ company, login, form }) => {
  await company.sandbox.as(login).editIssue(REPO, form.number("number"), { body: form.text("body") });
  return { said: "Saved." };
};

export const rerun: Act = async ({ company, login, form }) => {
  await company.sandbox.as(login).requestRerun(REPO, form.number("run"));
  return { said: "Re-run requested." };
};
