import type { PhrasingContent } from "mdast";
import { NOTICES } from "../policy/notices.ts";
import type { RuleId } from "../policy/policy.ts";
import { COMMON_MESSAGES, type Message } from "../policy/rule.ts";
import { RULES } from "../policy/rules/registry.ts";
import type { MessageData, Verdict } from "../policy/verdict.ts";
import { inline, listed } from "./markdown.ts";
import { code, words } from "./neutralise.ts";

/** Looks up what is said about a rule's reason code; `null`: nothing is registered. */
export type MessageOf = (rule: RuleId, code: string) => Message | null;

/** The registry's messages. */
export const registered: MessageOf = (id, code) => {
  const messages = RULES.find(({ meta }) => meta.id === id)?.meta.messages ?? {};
  return messages[code] ?? COMMON_MESSAGES[code] ?? null;
};

/** What is said about one of the verdict's notices, in one line. */
export function notice({ code: reason, data }: Verdict["notices"][number]): PhrasingContent[] {
  const message: Message | undefined = Object.entries(NOTICES).find(([key]) => key === reason)?.[1];
  return message === undefined ? [code(reason)] : fill(`${message.found}. ${message.mend}`, data);
}

/** Values in a list are cut shorter than one that stands alone. */
const ITEM_LIMIT = 200;

/** A message with its values as code. Values are foreign text, the message is ours. */
export function fill(message: string, data: MessageData): PhrasingContent[] {
  const nodes = message.split(/(\{\w+\})/).flatMap((part, i, parts): PhrasingContent[] => {
    if (i % 2 === 1) {
      // `severity:{severity}`: what touches the value belongs to it.
      const before = /[\w:@#/-]+$/.exec(parts[i - 1] ?? "")?.[0] ?? "";
      return value(data[part.slice(1, -1)], before);
    }
    return words(i + 1 < parts.length ? part.replace(/[\w:@#/-]+$/, "") : part);
  });
  return inline(nodes);
}

function value(v: MessageData[string] | undefined, before: string): PhrasingContent[] {
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
          null,
        )),
  );
}
