import { narrowed } from "../text/look-alikes.ts";

/**
 * What the sections of the procedure are called, in English and in other languages; in lower case, without
 * marks and numbers.
 */
const NAMES = {
  "Incident Summary":
    "summary|overview|incident overview|incident|what happened|executive summary|zusammenfassung|vorfall|kurzfassung|überblick|résumé|résumé de l incident|resumen|resumen del incidente|resumo|resumo do incidente|riepilogo|sommario|samenvatting|sammanfattning|sammendrag|resumé|yhteenveto|podsumowanie|souhrn|összefoglaló|rezumat|резюме|сводка|краткое описание|описание инцидента|підсумок|опис інциденту|özet|概要|サマリー|インシデント概要|障害概要|摘要|事件摘要|事件概述|事故概述|概述|요약|개요|장애 개요|ملخص|סיכום|सारांश|สรุป|tóm tắt|ringkasan|tl dr|tldr|abstract|incident description|description of the incident|background|description|what happened exactly|kurzbeschreibung|was ist passiert|vorfallbeschreibung|beschreibung|synthèse|que s est il passé|description de l incident|qué pasó|qué sucedió|descripción|descripción del incidente|o que aconteceu|descrição|descrição do incidente|cosa è successo|descrizione|opis|opis incydentu|co się stało|что произошло|что случилось|описание|суть проблемы|ne oldu|olay özeti|açıklama|ملخص الحادث|ماذا حدث|وصف الحادث|インシデントサマリー|何が起きたか|何が起こったか|事象|事象概要|发生了什么|故障概述|故障描述|问题描述|事故描述|장애 요약|무슨 일이 있었나|사건 개요|사고 개요|impact summary|résumé exécutif",
  Timeline:
    "chronology|sequence of events|zeitleiste|zeitlinie|zeitlicher ablauf|zeitverlauf|ablauf|chronologie|chronik|cronología|línea de tiempo|línea temporal|cronologia|linha do tempo|tijdlijn|tidslinje|aikajana|oś czasu|przebieg zdarzeń|časová osa|idővonal|cronologie|хронология|таймлайн|хронологія|zaman çizelgesi|タイムライン|時系列|経緯|时间线|时间轴|時間線|時間軸|타임라인|시간순|경과|الجدول الزمني|ציר זמן|dòng thời gian|linimasa|ไทม์ไลน์|time line|events|incident timeline|timeline of events|zeitachse|zeitlicher verlauf|verlauf|déroulé|déroulement|frise chronologique|cronologia dos eventos|przebieg|chronologia|временная шкала|ход событий|zaman çizgisi|kronoloji|التسلسل الزمني|経過|発生経緯|发生经过|处理过程|事件经过|진행 경과|시간별 경과|경위",
  "Root Cause":
    "cause|causes|rca|why it happened|why did it happen|contributing factors|ursache|ursachen|ursachenanalyse|grundursache|cause racine|cause profonde|causa raíz|causa raiz|causa principale|causa|causas|oorzaak|rotorsak|grundorsak|rotårsag|årsag|årsak|juurisyy|przyczyna|przyczyna źródłowa|příčina|kiváltó ok|cauza|причина|причины|корневая причина|первопричина|коренева причина|kök neden|根本原因|原因|直接原因|근본 원인|원인|السبب|السبب الجذري|שורש הבעיה|मूल कारण|nguyên nhân|akar masalah|akar penyebab|สาเหตุ|whys|five whys|why|trigger|reason|reasons|cause analysis|fehlerursache|warum ist es passiert|analyse des causes|causes racines|origine|pourquoi|análisis de causa raíz|causas raíz|por qué|análise de causa raiz|główna przyczyna|przyczyny|analiza przyczyn|анализ причин|почему это произошло|почему|neden|kök neden analizi|nedenler|أسباب|الأسباب|なぜ起きたか|発生原因|根因|根因分析|故障原因|事故原因|원인 분석|발생 원인|장애 원인",
  Resolution:
    "fix|the fix|mitigation|solution|recovery|resolution and recovery|lösung|behebung|fehlerbehebung|résolution|correction|correctif|resolución|solución|resolução|solução|correção|risoluzione|soluzione|oplossing|lösning|løsning|ratkaisu|rozwiązanie|řešení|megoldás|rezolvare|решение|устранение|исправление|вирішення|усунення|çözüm|対応|解決|復旧|復旧対応|解决|解决方案|修复|解決方案|해결|조치|복구|الحل|פתרון|समाधान|giải pháp|khắc phục|penyelesaian|การแก้ไข|remediation|how it was fixed|how we fixed it|what we did|corrective action|workaround|wiederherstellung|maßnahme zur behebung|remédiation|rétablissement|mitigación|corrección|mitigação|naprawa|как исправили|как исправлено|düzeltme|الإصلاح|المعالجة|暫定対応|対応内容|处理|处理措施|处理方案|修复方案|해결 방법|조치 내용|대응",
  Prevention:
    "preventive measures|preventing recurrence|lessons learned|lessons|prävention|vorbeugung|vermeidung|lehren|prévention|leçons apprises|prevención|lecciones aprendidas|prevenção|lições aprendidas|prevenzione|preventie|förebyggande|forebyggelse|forebygging|ehkäisy|zapobieganie|prevence|megelőzés|prevenire|предотвращение|профилактика|выводы|запобігання|önleme|再発防止|再発防止策|予防|预防|预防措施|防止|預防|예방|재발 방지|재발 방지 대책|الوقاية|מניעה|रोकथाम|phòng ngừa|pencegahan|การป้องกัน|preventive actions|preventative measures|preventative actions|how to prevent|how to prevent it|how do we prevent this|how will we prevent this|learnings|what we learned|what went well|vorbeugende maßnahmen|wie verhindern wir das|enseignements|leçons|mesures préventives|comment éviter|lecciones|medidas preventivas|lições|wnioski|działania zapobiegawcze|меры по предотвращению|как избежать|как предотвратить|önleyici tedbirler|önleyici faaliyetler|alınan dersler|الدروس المستفادة|الإجراءات الوقائية|恒久対策|教訓|改进|经验教训|防范措施|재발방지|재발방지대책|재발방지 대책|교훈",
  "Action Items":
    "actions|action plan|follow up|follow ups|follow up actions|next steps|to dos|todos|tasks|maßnahmen|aufgaben|nächste schritte|plan d action|actions à mener|prochaines étapes|acciones|tareas|próximos pasos|ações|tarefas|itens de ação|azioni|prossimi passi|acties|actiepunten|vervolgacties|åtgärder|tiltak|handlinger|toimenpiteet|działania|zadania|úkoly|teendők|acțiuni|действия|задачи|план действий|дії|завдання|eylemler|aksiyonlar|アクションアイテム|アクション|対応事項|行动项|行动计划|后续行动|改进措施|行動項目|後續行動|액션 아이템|조치 사항|후속 조치|إجراءات|פעולות|hành động|tindakan|การดำเนินการ|followup|followups|followup items|follow up items|follow up tasks|to do|todo|corrective actions|improvements|action points|massnahmen|offene punkte|todos und maßnahmen|suivi|actions correctives|plan de acción|acciones correctivas|plano de ação|próximos passos|następne kroki|kolejne kroki|plan działań|следующие шаги|что делаем дальше|что делать дальше|aksiyon maddeleri|aksiyon planı|yapılacaklar|eylem maddeleri|الإجراءات|الخطوات التالية|بنود العمل|المهام|今後の対応|対応項目|次のアクション|待办|待办事项|待辦事項|后续|后续计划|后续措施|할 일|향후 계획|개선 사항|후속조치",
} as const;

/** A section of the procedure's post-mortem, by its English heading. */
export type RequiredSection = keyof typeof NAMES;

/** The sections of the procedure: with the app's own form they have to be there, with something in them. */
export const REQUIRED_SECTIONS = Object.keys(NAMES) as readonly RequiredSection[];

const BY_NAME = new Map<string, RequiredSection>(
  REQUIRED_SECTIONS.flatMap((section) => NAMES[section].split("|").map((name) => [name, section] as const)),
);
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** Longest first; those of scripts with spaces end in one. */
const BEGINNINGS = [...BY_NAME.keys()]
  .flatMap((name) =>
    UNSPACED.test(name) ? (name.length > 1 ? [name] : []) : name.length >= 6 ? [`${name} `] : [],
  )
  .toSorted((a, b) => b.length - a.length);
const COMPACT = REQUIRED_SECTIONS.map(
  (section) => [section, section.toLowerCase().replace(" ", "")] as const,
);

/**
 * The sections that a heading may stand for: all that it names in the procedure's words (`3. Root-Cause
 * Analysis`), else the one that it names in another language or other words. One heading stands for one
 * section in the end.
 */
export function sectionsNamed(title: string): readonly RequiredSection[] {
  const words = plainTitle(title);
  const compact = words.replaceAll(" ", "");
  const named = COMPACT.filter(([, name]) => compact.includes(name)).map(([section]) => section);
  if (named.length > 0) return named;
  const other = BY_NAME.get(words) ?? longestBeginning(words);
  return other === null ? [] : [other];
}

/** Does the heading name the section in the procedure's own words? */
export function isCalled(title: string, section: RequiredSection): boolean {
  return plainTitle(title).replaceAll(" ", "").includes(section.toLowerCase().replace(" ", ""));
}

/** The sections that a line in bold may stand for: it has to be hardly more than a section's name. */
export function sectionsInBold(title: string): readonly RequiredSection[] {
  const words = plainTitle(title);
  return BY_NAME.has(words) || words.split(" ").length <= 4 ? sectionsNamed(title) : [];
}

/** `Actions taken`, `Ergriffene Maßnahmen`: they are the resolution. */
const TAKEN =
  /(?:^| )(?:taken|performed|done|during|already|ergriffen|durchgeführt|getroffen|umgesetzt|prises|effectuées|menées|tomadas|realizadas|executadas|prese|genomen|vidtagna|предприняты|предпринятые|принятые|выполненные|podjęte)(?: |$)/u;

/** `Ursache des Ausfalls`, `根本原因の分析`: a name with more words behind it. */
function longestBeginning(words: string): RequiredSection | null {
  const name = BEGINNINGS.find((one) => words.startsWith(one));
  const section = name === undefined ? null : (BY_NAME.get(name.trimEnd()) ?? null);
  return section === "Action Items" && TAKEN.test(words) ? "Resolution" : section;
}

/** In lower case, without numbering, emoji, marks and hyphens. */
function plainTitle(title: string): string {
  const words = narrowed(title, 300)
    .toLowerCase()
    .replace(/\p{Cf}/gu, "")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim();
  return words
    .replace(/^(?:(?:section |teil |partie |часть )?(?:\d{1,3}|[ivx]{1,4}|[a-f]) )+(?=\p{L})/u, "")
    .replace(/^the /, "");
}
