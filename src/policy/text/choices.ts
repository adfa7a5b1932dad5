/** Boxes of lists to choose from, as templates, forms and people write them. */
const BOX =
  /\[(?<square>[ \u00a0]?|[xXхХ×vV✓✔☑✅*•])\]|\((?<round> ?|[xXхХ•*✓✔])\)|(?<off>[☐◻◽⬜▢○◯⚪□❌✗✘✖])|(?<on>[☑☒✅✔✓◉●🔘■☒])/gu;
/** What may stand between a box and what it is for. */
const BETWEEN = /^[\s|*_`~:–-]{0,6}$/u;

/**
 * A list to choose from (`- [x] P1`, `☐ P0 ☑ P1`, `P0 [ ] P1 [x]`) with the options that are ticked only, one
 * a line: none of them where nothing is ticked. Text that is no such list stays as it is. `option`: global,
 * what is chosen.
 */
export function ticked(text: string, option: RegExp): string {
  const boxes = [...text.matchAll(BOX)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    on: isOn(match.groups),
  }));
  const options = [...text.matchAll(option)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  const [first] = options;
  const [box] = boxes;
  if (first === undefined || box === undefined) return text;
  const leads = box.start < first.start;
  // A box for each option; other signs belong to no list.
  const chosen = options.map((one, i) => {
    const until = options[i + 1]?.start ?? text.length;
    const own = leads
      ? boxes.findLast(({ end }) => end <= one.start && BETWEEN.test(text.slice(end, one.start)))
      : boxes.find(
          ({ start }) => start >= one.end && start < until && BETWEEN.test(text.slice(one.end, start)),
        );
    return { one, own };
  });
  if (chosen.some(({ own }) => own === undefined)) return text;
  return chosen
    .flatMap(({ one, own }, i) => {
      if (own?.on !== true) return [];
      const next = leads ? chosen[i + 1]?.own?.start : own.start;
      return [text.slice(one.start, next ?? text.length).split("\n", 1)[0] ?? ""];
    })
    .join("\n")
    .trim();
}

function isOn(groups: Readonly<Record<string, string | undefined>> | undefined): boolean {
  const sign = groups?.square ?? groups?.round ?? "";
  return groups?.on !== undefined || sign.trim() !== "";
}
