import { namesDate } from "../text/dates.ts";
import { narrowed } from "../text/look-alikes.ts";
import { isNoContent } from "./emptiness.ts";

/** Longer items are read up to here. */
const LONGEST = 2_000;

/**
 * Does an action item name its owner: by a mention, a link to a profile, a name behind a word for it, or one
 * beside the date?
 */
export function namesOwner(text: string): boolean {
  const plain = narrowed(text, LONGEST);
  if (MENTION.test(plain) || PROFILE.test(plain)) return true;
  const [, name = ""] = OWNER.exec(plain) ?? [];
  return (/^\p{L}/u.test(name) && !isNoContent(name) && !NOBODY.test(name)) || namesPersonBesideDate(plain);
}

/** Does the name of a table's column say that owners stand in it? */
export function isOwnerColumn(name: string): boolean {
  return OWNER.test(`${name}: x`);
}

/** `Alert – Jane Doe – 2025-10-20`, `アラート（田中、10/20）`: whoever reads it knows whom and when. */
function namesPersonBesideDate(text: string): boolean {
  const parts = text
    .split(PARTS)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .slice(0, 20);
  return parts.some(
    (part, at) =>
      at > 0 &&
      NAME.test(part) &&
      !NO_NAME.test(part) &&
      !isNoContent(part) &&
      [parts[at - 1], parts[at + 1]].some((beside) => beside !== undefined && namesDate(beside)) &&
      !namesDate(part),
  );
}

/**
 * Names of accounts are ASCII, of people not; before the mark may stand a word of a script without spaces,
 * but no address.
 */
const MENTION =
  /(?<![\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}_.])@[\p{L}\p{N}][\p{L}\p{N}-]{0,38}/u;
const PROFILE = /\]\(https?:\/\/[^/\s)]{1,100}\/[A-Za-z0-9-]{1,39}\/?\)/;
const OWNER =
  /(?<![\p{L}\p{N}])(?:owners?|assignees?|assigned(?: to)?|responsible|dri|poc|lead|who|person|people|team|by|contact|resp|verantwortlich(?:e|er)?|verantw|zuständig|zust|wer|responsables?|porteur|pilote|asignad[oa](?: a)?|encargad[oa]|dueñ[oa]|propietari[oa]|responsável|respons[aá]ve(?:l|is)|don[oa]|responsabile|assegnato a|eigenaar|verantwoordelijke?|ansvarig|ansvarlig|vastuuhenkilö|odpowiedzialn[ya]|właściciel|ответственн(?:ый|ая|ые)|отв|исполнитель|исп|відповідальн(?:ий|а)|виконавець|sorumlu(?:su)?|المسؤول|المالك|المكلف|担当者?|責任者|负责人|責任人|負責人|责任人|담당자?|책임자)(?:\(s\))?(?:\*\*|__)?(?:\.\s?[:：]?|\s?[:：=–-])\s?(?:\*\*|__)?\s?([^,;|()–—]{1,60})/iu;
const NOBODY =
  /^(?:nobody|no ?one|unassigned|not assigned|to be assigned|open|niemand|offen|personne|nadie|ninguém|nessuno|nikt|никто|не назначен|kimse|لا أحد|未定|未割当|待定|没有|미정|미배정)(?![\p{L}\p{N}])/iu;
/** One to four words that each begin like a name; in scripts without capitals, any few letters. */
const NAME =
  /^(?:(?:\p{Lu}[\p{L}\p{M}'’.-]{0,30}|van|von|de|da|del|der|den|dos|di|la|le|el|al|bin|ibn)(?: |$)){1,4}$|^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{2,8}$|^[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}\p{Script=Thai}]{2,15}(?: [\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}\p{Script=Thai}]{2,15}){0,2}$/u;
const NO_NAME =
  /^(?:soon|asap|later|high|medium|low|urgent|critical|open|done|new|todo|started|in progress|someone|everyone|hoch|mittel|niedrig|alta|media|baja|haute|moyenne|basse|высокий|средний|низкий|高|中|低|尽快|早急に|高い)$/iu;
/** What parts task, owner and date; a colon does not, since a task may follow it. */
const PARTS = /\s\p{Pd}{1,3}\s|[|()[\]（）【】,、;，；→]|\s=>\s/u;
