import fc from "fast-check";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, it } from "vitest";
import { topLevelParagraphs } from "../../../src/policy/text/paragraphs.ts";
import { processorTime } from "../diff/input.ts";

const COMMAND = "/hotfix override scope the client changed";
const isCommand = (line: string): boolean => /^ {0,3}\/hotfix /.test(line);
const found = (text: string): number => topLevelParagraphs(text, isCommand).length;

/** Each holds the command where it is nobody's. */
const NOBODYS: Readonly<Record<string, string>> = {
  "a quote": `> ${COMMAND}`,
  "a quote without a space": `>${COMMAND}`,
  "a quote in a quote": `> > ${COMMAND}`,
  "a quote that goes on lazily": `> She wrote:\n${COMMAND}`,
  "a lazy line after a line that looks empty": `> She wrote:\n\u00a0\n${COMMAND}`,
  "a quote in a list": `- > ${COMMAND}`,
  "a quote in a list, lazily": `- > She wrote\n${COMMAND}`,
  "a list": `- ${COMMAND}`,
  "a numbered list": `1. ${COMMAND}`,
  "a list's second paragraph": `- She wrote:\n\n  ${COMMAND}`,
  "a task": `- [ ] ${COMMAND}`,
  "a list that goes on lazily": `- She wrote:\n${COMMAND}`,
  "the middle of a paragraph": `She wrote:\n${COMMAND}`,
  "the middle of a line": `Write ${COMMAND}`,
  "a fence": `\`\`\`\n${COMMAND}\n\`\`\``,
  "a fence with empty lines": `\`\`\`text\n\n${COMMAND}\n\n\`\`\``,
  "a fence of tildes": `~~~\n\n${COMMAND}\n\n~~~`,
  "a fence with another one in it": `\`\`\`\`\n\`\`\`\n\n${COMMAND}\n\`\`\`\`\``,
  "a fence that an indented one does not close": `\`\`\`\n    \`\`\`\n\n${COMMAND}\n\`\`\``,
  "a fence that one with a no-break space does not close": `\`\`\`\n\`\`\`\u00a0\n\n${COMMAND}\n\`\`\``,
  "a fence after a list's": `- a\n\n  \`\`\`\n\nfoo\n\n  \`\`\`\n\n${COMMAND}`,
  "a fence that never ends": `\`\`\`\n\n${COMMAND}`,
  "indented code": `Look:\n\n    ${COMMAND}`,
  "code indented by a tab": `Look:\n\n\t${COMMAND}`,
  "a code span of several lines": `Look: \`\n${COMMAND}\n\``,
  "<pre>": `<pre>\n${COMMAND}\n</pre>`,
  "<pre> with empty lines": `<pre>\n\n${COMMAND}\n\n</pre>`,
  "<code>": `<code>\n\n${COMMAND}\n\n</code>`,
  "<pre><code> with a fence in it": `<pre>\n\`\`\`\n</pre>\n<details>\n\n\`\`\`\n\n</pre>\n\n${COMMAND}`,
  "<blockquote>": `<blockquote>\n\n${COMMAND}\n\n</blockquote>`,
  "<q>": `<q>\n\n${COMMAND}\n\n</q>`,
  "<details>": `<details><summary>Log</summary>\n\n${COMMAND}\n\n</details>`,
  "<details> that is never closed": `<details>\n\n${COMMAND}`,
  "<details> within a line": `The log: <details>\n\n${COMMAND}\n\n</details>`,
  "<details> that code only seems to close": `<details>\n\nWrite \`</details>\`.\n\n${COMMAND}`,
  "<details> that an escape only seems to close": `<details>\n\n\\</details>\n\n${COMMAND}`,
  "<details> after what only seems to be code": `<div></div>\`<details>\`\n\n${COMMAND}`,
  "<details> that another element's text only seems to close": `<details>\n\n<textarea></details></textarea>\n\n${COMMAND}`,
  "<details> in <details>": `<details>\n<details>\n</details>\n\n${COMMAND}\n\n</details>`,
  "<DETAILS open>": `<DETAILS open\n class="x">\n\n${COMMAND}\n\n</DETAILS>`,
  "<div>": `<div>\n${COMMAND}\n</div>`,
  "<table>": `<table><tr><td>\n\n${COMMAND}\n\n</td></tr></table>`,
  "<del>": `<del>\n\n${COMMAND}\n\n</del>`,
  "an HTML attribute": `<div title="\n${COMMAND}\n">x</div>`,
  "an HTML attribute with empty lines": `<div title="\n\n${COMMAND}\n\n">x</div>`,
  "an attribute within a line": `x <a title="\n${COMMAND}\n">x</a>`,
  "an HTML comment": `<!--\n\n${COMMAND}\n\n-->`,
  "an HTML comment that never ends": `<!--\n\n${COMMAND}`,
  "an HTML comment in <div>": `<div><!--\n\n${COMMAND}\n\n--></div>`,
  "a processing instruction": `<?\n\n${COMMAND}\n\n?>`,
  "a declaration": `<!X\n\n${COMMAND}\n\n>`,
  CDATA: `<![CDATA[\n\n${COMMAND}\n\n]]>`,
  "<script>": `<script>\n\n${COMMAND}\n\n</script>`,
  "an image's title": `![x](y "\n${COMMAND}\n")`,
  "a link's title": `[x](y '\n${COMMAND}\n')`,
  "a link's text": `[\n${COMMAND}\n](y)`,
  "a link definition's title": `[x]: y "\n${COMMAND}\n"`,
  "a footnote": `[^1]: She wrote\n\n    ${COMMAND}`,
  "a heading": `# ${COMMAND}`,
  "an underlined heading": `${COMMAND}\n===`,
  "an underlined heading of two lines": `${COMMAND}\nand more\n---`,
  "a table's head": `${COMMAND} | b\n--- | ---\n1 | 2`,
  "a paragraph below a list's code, which a number only seems to end": `  - \`\`\`\n   b\n10. ~~~\n${COMMAND}`,
  "HTML in which a list's code only seems to begin": `    - b\n</pre>\n- ~~~\n${COMMAND}`,
  "a fence of tildes with a backtick, which a list's does not close": `~~~ a\`\n+ ~~~\n${COMMAND}`,
  "a fence below a paragraph with tags": `text\n</pre>\n<br>\n<kbd>\n~~~\n\n${COMMAND}`,
  "<div> on a line of its own, between backticks": `Look: \`\n<div>\n\`\n\n${COMMAND}`,
  "<DIV> on a line of its own, between backticks": `Look: \`\n   <DIV>\n\`\n\n${COMMAND}`,
  "<div over two lines, between backticks": `Look: \`\n<div\n>\n\`\n\n${COMMAND}`,
  "<div> with an attribute, between backticks": `Look: \`\n<div class=x>\n\`\n\n${COMMAND}`,
  "<div> between two pieces of code": `The \`a\` <div> \`b\`\n\n${COMMAND}`,
  "<div> after a backtick that nothing closes": `a \` b <div>\n\n${COMMAND}`,
  "a table's row": `a | b\n--- | ---\n${COMMAND}`,
};

/** Mails that are replied to, as programs quote them; the command stands in what is quoted. */
const MAILS: Readonly<Record<string, string>> = {
  Outlook: `OK.\n\nFrom: Jane <j@example.org>\nSent: Monday, 3 January 2022 10:00\nTo: John\nSubject: x\n\n${COMMAND}`,
  "Outlook, one line": `OK.\n\nFrom: Jane <j@example.org> Sent: Monday To: John\n\n${COMMAND}`,
  "Outlook, bold": `OK.\n\n**From:** Jane\n**Sent:** Monday\n\n${COMMAND}`,
  "Outlook, underscores": `OK.\n\n________________________________\n\n${COMMAND}`,
  "Outlook, German": `OK.\n\nVon: Jane\nGesendet: Montag, 3. Januar 2022 10:00\nAn: John\n\n${COMMAND}`,
  "Outlook, French": `OK.\n\nDe : Jane\nEnvoyé : lundi 3 janvier 2022\nÀ : John\n\n${COMMAND}`,
  "Outlook, Spanish": `OK.\n\nDe: Jane\nEnviado el: lunes, 3 de enero\nPara: John\n\n${COMMAND}`,
  "Outlook, Polish": `OK.\n\nOd: Jane\nWysłano: poniedziałek\nDo: John\n\n${COMMAND}`,
  "Outlook, Japanese": `OK.\n\n差出人: Jane\n送信日時: 2022年1月3日\n\n${COMMAND}`,
  "original message": `OK.\n\n-----Original Message-----\n\n${COMMAND}`,
  "original message, German": `OK.\n\n----- Ursprüngliche Nachricht -----\n\n${COMMAND}`,
  "forwarded, Gmail": `OK.\n\n---------- Forwarded message ---------\n\n${COMMAND}`,
  "forwarded, Apple": `OK.\n\nBegin forwarded message:\n\n${COMMAND}`,
  Gmail: `OK.\n\nOn Mon, Jan 3, 2022 at 10:00 AM Jane <j@example.org> wrote:\n\n${COMMAND}`,
  "Gmail, broken": `OK.\n\nOn Mon, Jan 3, 2022 at 10:00 AM Jane Doe <\nnotifications@github.com> wrote:\n\n${COMMAND}`,
  "after its quote": `OK.\n\nOn Mon, Jan 3, 2022 at 10:00 AM Jane wrote:\n\n> Please\n\n${COMMAND}`,
  ...Object.fromEntries(
    [
      "2022年1月3日(月) 10:00 Jane <j@example.org>:",
      "2022/01/03 10:00、Jane <j@example.org>のメール:",
      "пн, 3 янв. 2022 г. в 10:00, Jane <***@***.***>:",
      "Jane <j@example.org> ezt írta (időpont: 2022. jan. 3., H, 10:00):",
      "בתאריך יום ב׳, 3 בינו׳ 2022 ב-10:00 מאת Jane <j@example.org>:",
      "เมื่อ จ. 3 ม.ค. 2022 เวลา 10:00 Jane <j@example.org> เขียนว่า:",
      "सोम, 3 जन॰ 2022 को 10:00 am बजे को Jane <j@example.org> ने लिखा:",
      "pon, 3. sij 2022. u 10:00 Jane <j@example.org> napisao je:",
      "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐",
      '-----"Jane" <j@example.org> wrote: -----',
      "<b>From:</b> Jane<br>\n<b>Sent:</b> Monday",
      "From: Jane\n\nSent: Monday",
    ].map((said) => [said, `OK.\n\n${said}\n\n${COMMAND}`]),
  ),
  "German, broken, without an address": `OK.\n\nAm Mo., 3. Jan. 2022\num 10:00 Uhr schrieb\nJane Doe:\n\n${COMMAND}`,
  "German, in one line, without an address": `OK.\n\nAm 3. Jan. 2022 um 10:00 schrieb Jane Doe:\n\n${COMMAND}`,
  "Outlook, with tags that have attributes": `OK.\n\n<b class="x">From:</b> Jane<br/>\n<span style="a">Sent:</span> Monday\n\n${COMMAND}`,
  "Outlook, what is sent three lines below": `OK.\n\nFrom: Jane\na\nb\nSent: Monday\n\n${COMMAND}`,
  German: `OK.\n\nAm Mo., 3. Jan. 2022 um 10:00 Uhr schrieb Jane <j@example.org>:\n\n${COMMAND}`,
  French: `OK.\n\nLe lun. 3 janv. 2022 à 10:00, Jane a écrit :\n\n${COMMAND}`,
  Spanish: `OK.\n\nEl lun, 3 ene 2022 a las 10:00, Jane escribió:\n\n${COMMAND}`,
  Italian: `OK.\n\nIl giorno lun 3 gen 2022 alle 10:00 Jane ha scritto:\n\n${COMMAND}`,
  Portuguese: `OK.\n\nEm seg., 3 de jan. de 2022 às 10:00, Jane escreveu:\n\n${COMMAND}`,
  Dutch: `OK.\n\nOp ma 3 jan 2022 om 10:00 schreef Jane <j@example.org>:\n\n${COMMAND}`,
  Swedish: `OK.\n\nDen mån 3 jan 2022 kl 10:00 skrev Jane <j@example.org>:\n\n${COMMAND}`,
  Polish: `OK.\n\npon., 3 sty 2022 o 10:00 Jane napisał(a):\n\n${COMMAND}`,
  Russian: `OK.\n\nпн, 3 янв. 2022 г. в 10:00, Jane:\nпн, 3 янв. 2022 г., Jane пишет:\n\n${COMMAND}`,
  Turkish: `OK.\n\nJane, 3 Oca 2022 Pzt, 10:00 tarihinde şunu yazdı:\n\n${COMMAND}`,
  Chinese: `OK.\n\nJane 于2022年1月3日周一 10:00写道：\n\n${COMMAND}`,
  Japanese: `OK.\n\n2022年1月3日(月) 10:00 Jane のメッセージ:\n\n${COMMAND}`,
  Czech: `OK.\n\npo 3. 1. 2022 v 10:00 Jane napsal:\n\n${COMMAND}`,
};

/** Each holds the command as its writer's own. */
const OWN: Readonly<Record<string, string>> = {
  alone: COMMAND,
  "three spaces before it": `   ${COMMAND}`,
  "a line break after it": `${COMMAND}\nThanks`,
  "empty lines before it": `\n\n${COMMAND}`,
  "a paragraph before it": `Looks fine.\n\n${COMMAND}`,
  "a quote before it": `> Please override\n\n${COMMAND}`,
  "a quoted mail in a quote before it": `> On Mon, Jan 3, 2022 Jane wrote:\n> > x\n\n${COMMAND}`,
  "a list before it": `- one\n- two\n\n${COMMAND}`,
  "a numbered list with code before it": `1. one\n   \`\`\`\n   x\n   \`\`\`\n2. two\n\n${COMMAND}`,
  "a fence before it": `\`\`\`\nx\n\`\`\`\n${COMMAND}`,
  "a heading before it": `## Decision\n${COMMAND}`,
  "a rule before it": `Log\n\n---\n\n${COMMAND}`,
  "folded text before it": `<details><summary>Log</summary>\n\n\`\`\`\nx\n\`\`\`\n\n</details>\n\n${COMMAND}`,
  "an element's name in code before it": `The page lacks \`<details>\`.\n\n${COMMAND}`,
  "an unknown name in angle brackets before it": `It takes <rule> and <reason>.\n\n${COMMAND}`,
  "generics and arrows before it": `Map<string, number> a < b <- c <3\n\n${COMMAND}`,
  "an image as HTML before it": `<img src="x.png" width="100">\n\n${COMMAND}`,
  "a line break as HTML before it": `one<br>two<br/>\n\n${COMMAND}`,
  "a closed comment before it": `<!-- template -->\n\n${COMMAND}`,
  "bold as HTML before it": `<b>Note</b>\n\n${COMMAND}`,
  "an address before it": `See <https://example.org/\`x>.\n\n${COMMAND}`,
  "a table before it": `a | b\n--- | ---\n1 | 2\n\n${COMMAND}`,
  "indented code before it": `Look:\n\n    x\n\n${COMMAND}`,
  "somebody's address before it": `Jane <j@example.org> asks:\n\n${COMMAND}`,
  "an address of a page before it, with a colon": `See <https://example.org/@1>:\n\n${COMMAND}`,
  "a sender of something else before it": `From: the log of 10:00\n\nFine.\n\n${COMMAND}`,
  "somebody's words before it": `As Jane wrote:\n\n> fine\n\n${COMMAND}`,
  "where it comes from before it": `From: the on-call channel\n\n${COMMAND}`,
  "a mail after it": `${COMMAND}\n\nOn Mon, Jan 3, 2022 at 10:00 AM Jane <j@example.org> wrote:\n> x`,
  "a mail after it, without an empty line": `${COMMAND}\nOn Mon, Jan 3, 2022 Jane wrote:\n> x`,
  "Outlook's line after it": `${COMMAND}\n\n________________________________\nFrom: Jane\nSent: Monday`,
  "a quote after it": `${COMMAND}\n> x`,
  "folded text after it": `${COMMAND}\n\n<details>\n\nx`,
  "code in the reason": `${COMMAND} in \`<details>\``,
  "a paragraph that looks like a table, a list and a fence, and a list's code before it": `--- | ---\n    1. a\n\t\`\`\`\n+ ~~~\n${COMMAND}`,
  "a list in a list, an unknown tag and code before it": `<b>x</b>\n\`\`\` a\`\n- - a\n<x-y>\n\`</details>\`\n\n${COMMAND}`,
  "indented code with a tag, and a list's code before it": `    <b>\n1. \`\`\`\n${COMMAND}`,
  "code in the first item of a list before it, which ends with the list": `1.  \`\`\`\n${COMMAND}`,
  "an underlined heading and code in a tenth item before it": `a \`\`\` b\n-\n10. ~~~\n${COMMAND}`,
  "a fence with an indented end before it": `\`\`\` x\n   \`\`\`\n${COMMAND}`,
  "fences that are indented as code before it": `    - b\n\t\`\`\`\n\t\`\`\`\n1.  \`\`\`\n${COMMAND}`,
  "code indented by spaces and a tab before it": `  \ttext\n---\n${COMMAND}`,
  "a comment without an empty line before it": `\\<div>\n<!-- x -->\n${COMMAND}`,
  "HTML in which a list's code only seems to begin, before it": `<br>\n+ ~~~\n\n${COMMAND}`,
  "a paragraph with numbers and a closing tag before it": `\`\n10) a\n10) a\n</div>\n \n${COMMAND}`,
  "an element's name in code of several lines before it": `\`\`\` a\`\n\`\n\`<details>\`\n- \`\`\`\n${COMMAND}`,
  "a list that another paragraph and a heading end": `* \`\`\`\n--- | ---\n\t\`\`\`\na\\<b>\n\`\n#\n${COMMAND}`,
  "lines of a mail's head that no sender begins, before it": `Fine.\nTo: the team\nSubject: x\n\n${COMMAND}`,
  "a sender whose addressee is too far below, before it": `From: the channel\na\nb\nc\nTo: all\n\n${COMMAND}`,
  "somebody's words, and a number far above, before it": `10 of them\nb\nc\nd\nAs Jane wrote:\n\n> fine\n\n${COMMAND}`,
  "a line that is longer than any mail's head before it": `On Mon, Jan 3, 2022 ${"x".repeat(500)} wrote:\n\n${COMMAND}`,
  "an element that a line of its own closes, between backticks": `<div>\n\nLook: \`\n</div>\n\`\n\n${COMMAND}`,
  "a tag in a comment before it": `x <!-- <b>-->\n\n${COMMAND}`,
  "a tag in code with two backticks before it": `Write \`\`a\`<div>\`\` x\n\n${COMMAND}`,
  "an escaped backtick and two others before it": `a < b \\\`\`\` c\n\n${COMMAND}`,
  CRLF: `Fine.\r\n\r\n${COMMAND}\r\n`,
};

describe("topLevelParagraphs", () => {
  it.each(Object.entries(NOBODYS))("leaves out %s", (_name, text) => expect(found(text)).toBe(0));
  it.each(Object.entries(MAILS))("leaves out what a mail quotes: %s", (_name, text) =>
    expect(found(text)).toBe(0),
  );
  it.each(Object.entries(OWN))("finds the writer's own: %s", (_name, text) => expect(found(text)).toBe(1));
  it.each(Object.entries({ ...OWN, ...MAILS }))("mdast agrees that it is a paragraph: %s", (_name, text) =>
    expect(paragraphsOfTree(text)).toBe(1),
  );

  it("finds nothing that is none in mdast's tree", () => {
    const pieces = [
      COMMAND,
      `  ${COMMAND}`,
      `   ${COMMAND}`,
      "",
      "",
      "",
      " ",
      "\u00a0",
      "text",
      "  text",
      "    text",
      "\ttext",
      "> q",
      ">",
      "> > q",
      "> ```",
      "> - a",
      "- a",
      "-",
      "- ",
      "  - b",
      "1. a",
      "   b",
      "10) a",
      "- > q",
      "- ```",
      "- # h",
      "- - a",
      "* * *",
      "+ a",
      "```",
      "````",
      "  ```",
      "   ```",
      "    ```",
      "      ```",
      "~~~",
      "``` a`",
      "```\u00a0",
      "``` x",
      "- ~~~",
      "1.  ```",
      "# h",
      "#",
      "#\u00a0",
      "---",
      "===",
      "--",
      "-",
      "___",
      "a | b",
      "--- | ---",
      ":-",
      "| - |",
      "| a |",
      "<pre>",
      "</pre>",
      "<details>",
      "</details>",
      "<div>",
      "</div>",
      "<kbd>",
      "</kbd>",
      "x <details>",
      "x </details>",
      "`<details>`",
      "`</details>`",
      "<!--",
      "-->",
      "<!-- x -->",
      "x <!-- y -->",
      "<?",
      "?>",
      "<!x",
      "<![CDATA[",
      "]]>",
      "<div",
      'title="',
      '">',
      "`",
      "``",
      "x `",
      "\\`",
      "` x",
      "<b>x</b>",
      "[a]: b",
      '[a]: b "',
      '"',
      "[^1]: x",
      "![x](y",
      ")",
      "<br>",
      "<textarea>",
      "</textarea>",
      "<b a='`'>",
      "<x-y>",
      "<custom>",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 14 }), (lines) => {
        const text = [...lines, COMMAND].join("\n");
        expect(found(text)).toBeLessThanOrEqual(paragraphsOfTree(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("reads 65 kB of anything in linear time", () => {
    const hostile = [
      "> ",
      "- ",
      "1. ",
      "> - 1. ",
      "[",
      "![](",
      "*a _b ",
      "<",
      "<a ",
      '<a b="',
      "<details>",
      "</div>",
      "<b></b>",
      "<!-- ",
      "<!---->",
      "a\n\n",
      "- - - a\n",
      "```\n",
      "` `` ",
      '[a]: b "\n',
      "|-",
      "---",
      "- ",
      "=",
      "_",
      "\t",
      "\\",
      "On 1 wrote ",
      "On 1 wrote x\n",
      "From:\n",
      "From: a\nb\n",
      "-----a",
      `${COMMAND}\n\n`,
      `${COMMAND}\n`,
      "\u200f",
      "<b a='x'>",
      "<i>\n\n",
    ];
    for (const piece of hostile) {
      const text = `${piece.repeat(Math.ceil(65_000 / piece.length)).slice(0, 65_000)}\n\n${COMMAND}`;
      // A pause of 50 ms is what the bench holds it to, on a machine of its own; what is not linear takes
      // seconds.
      const time = processorTime(() => void found(text));
      expect(time, JSON.stringify(piece)).toBeLessThan(500);
    }
  });
});

/** Paragraphs at the root that begin with the command, outside of HTML that is open there. */
function paragraphsOfTree(text: string): number {
  const { children } = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const open: string[] = [];
  let count = 0;
  for (const node of children) {
    const source = text.slice(node.position?.start.offset, node.position?.end.offset);
    if (node.type === "paragraph" && open.length === 0 && source.startsWith("/hotfix ")) count++;
    // What a quote or a list opens ends with it; what it closes is closed.
    const before = open.length;
    for (const html of htmlOf(node)) apply(html, open);
    if (["list", "blockquote", "footnoteDefinition"].includes(node.type))
      open.length = Math.min(before, open.length);
  }
  return count;
}

function htmlOf(node: Nodes): readonly string[] {
  if (node.type === "html") return [node.value];
  return "children" in node ? node.children.flatMap(htmlOf) : [];
}

function apply(html: string, open: string[]): void {
  const bare = html.replace(/<!--[\s\S]*?-->|<[?!](?!--)[^>]*>/g, "");
  for (const [, slash, name = ""] of bare.matchAll(
    /<(\/?)(pre|details|div|kbd|textarea|b)\b(?:"[^"]*"|'[^']*'|[^>"'])*>/g,
  )) {
    if (slash !== "/") open.push(name);
    else if (open.includes(name)) open.length = open.lastIndexOf(name);
  }
  if (bare.includes("<!--") || /<div\b(?![^>]*>)/.test(html)) open.push("!");
}
