import type { Entry, Located, LocatedMap } from "./located.ts";

/**
 * Settings as people write them, read as they are meant: what other tools want around a pattern, a branch or
 * a team, and what text editors make of quotes. Only where nothing else can be meant; the rest is told as a
 * problem.
 */

type Reading = (text: string) => string;

/** Quotes of all kinds and backticks, which YAML takes for a part of the text; Python's `r''` too. */
const QUOTED =
  /^\s*(?:r?'(.*)'|r?"(.*)"|[“„‟”](.*)[“”‟]|[‘‚‛’](.*)[’‘‛]|«(.*)»|‹(.*)›|「(.*)」|`(.*)`)\s*$/su;
const unquoted: Reading = (text) => {
  const [, ...parts] = QUOTED.exec(text) ?? [];
  return parts.find((part) => part !== undefined) ?? text;
};

/** `/^hotfix\/.+$/i`, as JavaScript, Perl and sed have it. */
const SLASHES = /^\/(.+)\/([dgimsuvy]*)$/s;
const pattern: Reading = (text) => {
  const plain = unquoted(text);
  const [, source, flags = ""] = SLASHES.exec(plain) ?? [];
  if (source === undefined) return plain;
  const kept = [...new Set(flags)].filter((flag) => "ims".includes(flag)).join("");
  return kept === "" ? source : `(?${kept})${source}`;
};

/** As Git lists it or its address says, without an owner, and slashes that no branch has. */
const branch: Reading = (text) =>
  unquoted(text)
    .trim()
    .replace(/^(?:https?:\/\/)?[\w.-]+\.\w+\/[\w.-]+\/[\w.-]+\/tree\/(?=.)/, "")
    .replace(/^[\w-]+:(?=[\w])/, "")
    .replace(/^\/(?!.*\/[dgimsuvy]*$)/, "")
    .replace(/^(?:refs\/)?(?:heads\/|remotes\/origin\/|origin\/)/, "")
    .replace(/(?<=[^/])\/$/, "");

/** `hotfix/` is what begins so. */
const hotfixBranch: Reading = (text) => branch(text) + (/^[^\\]*[^/\\]\/$/.test(text.trim()) ? "/**" : "");

/** A directory or file is all in it. */
const component: Reading = (text) => {
  const plain = unquoted(text)
    .replace(/\\(?=[\p{L}\p{N}_-])/gu, "/")
    .replace(/\/{2,}/g, "/")
    .replace(/^\.?\/(?=.)/, "")
    .replace(/\/\.{1,3}$/, "/")
    .replace(/(?<=\*)\/$/, "");
  if (plain === "." || plain === "./") return "**";
  return /[*?[\]{}\\!]/.test(plain) || plain === "" ? plain : `${plain.replace(/\/+$/, "")}/**`;
};

/** `@acme/managers`, its address, and the name that people see, as GitHub makes a slug of it. */
const team: Reading = (text) => {
  const plain = unquoted(text)
    .trim()
    .replace(/^<(.+)>$/, "$1")
    .replace(/^(?:(?:https?:\/\/)?[\w.-]+\.\w+\/)?orgs\/([\w-]+)\/teams\/([\w.-]+)(?:\/\w*)?$/, "$1/$2")
    .replace(/^@/, "")
    .replace(/ ?\/ ?/, "/");
  if (/^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)?$/.test(plain)) return plain;
  const slug = plain
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[\s&,()'’+-]+/gu, "-")
    .replace(/^-|-$/g, "");
  return /^[a-z0-9_.-]+(?:\/[a-z0-9_.-]+)?$/.test(slug) ? slug : plain;
};

/** `@ada`, or the address of her profile. */
const login: Reading = (text) =>
  unquoted(text)
    .trim()
    .replace(/^\[@?([\w-]+)\]\(https?:\/\/[^()\s]+\)$/, "$1")
    .replace(/^(?:https?:\/\/)?github\.[\w.-]+\/([\w-]+)\/?$/, "$1")
    .replace(/^@/, "");

/** `acme/incidents`, as its address and `git remote` have it. */
const repository: Reading = (text) =>
  unquoted(text)
    .trim()
    .replace(/^(?:https?:\/\/|ssh:\/\/)?(?:git@)?[\w.-]+\.\w+[:/](?=[\w.-]+\/[\w.-]+\/?$)/, "")
    .replace(/\/$/, "")
    .replace(/\.git$/, "");

/** A file from the repository's root, as its address or a shell has it. */
const file: Reading = (text) =>
  unquoted(text)
    .trim()
    .replace(/^(?:https?:\/\/)?[\w.-]+\.\w+\/[\w.-]+\/[\w.-]+\/blob\/[\w.-]+\/(?=.)/, "")
    .replace(/^\.?\/(?=[^/])/, "");

/** `*`: every key, and every item of a list. */
const READINGS: readonly (readonly [path: readonly string[], read: Reading])[] = [
  [["branches", "name"], pattern],
  [["commit", "title"], pattern],
  [["commit", "issues", "*"], pattern],
  [["branches", "hotfix", "*"], hotfixBranch],
  [["branches", "base", "*"], branch],
  [["branches", "back_merge", "*"], branch],
  [["components", "*", "*"], component],
  [["roles", "*", "teams", "*"], team],
  [["roles", "*", "users", "*"], login],
  [["post_mortem", "repository"], repository],
  [["post_mortem", "template"], file],
];

/** The file with these settings as they are meant; every place is kept. */
export function asMeant(root: LocatedMap): LocatedMap {
  return READINGS.reduce((node, [path, read]) => at(node, path, read) as LocatedMap, root);
}

function at(node: Located, path: readonly string[], read: Reading): Located {
  const [step, ...rest] = path;
  if (step === undefined) {
    return node.kind === "scalar" && typeof node.value === "string"
      ? { ...node, value: read(node.value) }
      : node;
  }
  if (node.kind === "list")
    return step === "*" ? { ...node, items: node.items.map((item) => at(item, rest, read)) } : node;
  if (node.kind !== "map") return node;
  const entries = [...node.entries].map(([key, entry]): [string, Entry] =>
    step === "*" || step === key ? [key, { ...entry, value: at(entry.value, rest, read) }] : [key, entry],
  );
  return { ...node, entries: new Map(entries) };
}
