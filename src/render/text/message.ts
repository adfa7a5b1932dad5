import type { PhrasingContent } from "mdast";
import { NOTICES, type Notice } from "../../policy/notices.ts";
import type { RuleId } from "../../policy/policy.ts";
import { COMMON_MESSAGES, type Message } from "../../policy/rule.ts";
import { RULES } from "../../policy/rules/registry.ts";
import type { MessageData, Verdict } from "../../policy/verdict.ts";
import { type Inline, inline, link, listed } from "./markdown.ts";
import { code, prose, words } from "./neutralize.ts";

/** Looks up what is said about a rule's reason code; `null`: nothing is registered. */
export type MessageOf = (rule: RuleId, code: string) => Message | null;

/** The registry's messages. */
export const registered: MessageOf = (id, code) => {
  const messages = RULES.find(({ meta }) => meta.id === id)?.meta.messages ?? {};
  return messages[code] ?? COMMON_MESSAGES[code] ?? null;
};

/** That the check was no gate on the branch, for those who read it after the merge. */
export function gateIsNone({ code: reason, data }: Verdict["notices"][number]): PhrasingContent[] {
  const message: Notice | undefined = Object.entries(NOTICES).find(([key]) => key === reason)?.[1];
  return message === undefined ? [code(reason)] : fill(`${message.found}.`, data);
}

/** What is said about one of the verdict's notices, in one line. */
export function notice(
  { code: reason, data }: Verdict["notices"][number],
  docsUrl: string,
): PhrasingContent[] {
  const message: Notice | undefined = Object.entries(NOTICES).find(([key]) => key === reason)?.[1];
  if (message === undefined) return [code(reason)];
  const said = fill(`${message.found}. ${message.fix}`, data);
  return message.page === undefined
    ? said
    : inline(said, " See ", link(`${docsUrl}/${message.page}`, "the docs"), ".");
}

/** Values in a list are cut shorter than one that stands alone. */
const ITEM_LIMIT = 200;

/** A message with its values as code. Values are foreign text, the message is ours. */
export function fill(message: string, data: MessageData): PhrasingContent[] {
  const nodes = message.split(/(\{\w+(?::(?:or|prose))?\})/).flatMap((part, i, parts): PhrasingContent[] => {
    if (i % 2 === 1) {
      // `severity:{severity}`: what touches the value belongs to it.
      const before = /[\w:@#/-]+$/.exec(parts[i - 1] ?? "")?.[0] ?? "";
      const [name = "", how] = part.slice(1, -1).split(":");
      return how === "prose" ? sentences(data[name]) : value(data[name], before, how === "or" ? "or" : null);
    }
    return words(i + 1 < parts.length ? part.replace(/[\w:@#/-]+$/, "") : part);
  });
  return inline(nodes);
}

/** Each is our own sentence around foreign text. */
function sentences(v: MessageData[string] | undefined): PhrasingContent[] {
  const all = typeof v === "object" ? v : [`${v ?? "?"}`];
  return inline(...all.flatMap((text, i): Inline[] => [i === 0 ? "" : ". ", prose(text)]));
}

function value(v: MessageData[string] | undefined, before: string, last: "or" | null): PhrasingContent[] {
  if (v === undefined) return words(`${before}?`);
  if (typeof v !== "object") {
    return before === "" && typeof v === "number"
      ? [{ type: "text", value: `${v}` }]
      : [code(`${before}${v}`)];
  }
  return inline(
    ...words(before),
    ...(v.length === 0
      ? words("none")
      : listed(
          v.map((item) => code(item, ITEM_LIMIT)),
          last,
        )),
  );
}
