// How mail programs head what they quote below an answer; the lines they quote need not begin with `>`. Pure.

/** The word with which the line above a quote ends, in the languages that mail programs speak most. */
const WROTE =
  "wrote|schrieb|a écrit|escribió|ha scritto|schreef|geschreven|escreveu|skrev|napisał\\(a\\)|napisał|kirjoitti|yazdı|написала?|пишет|写道|寫道";

/** It has a time, or an address in angle brackets: prose that ends in such a word has neither. */
const said = new RegExp(
  `^[ \\t]*(?=[^\\n]{0,300}(?:\\d{1,2}[:.]\\d{2}|<[^>\\s]+@[^>\\s]+>))[^\\n]{2,300}(?:\\n[^\\n]{0,200})?(?:${WROTE})(?:[^\\n]{0,120}\\n?[ \\t]*<[^>\\n]+>)?[ \\t]*[:：][ \\t]*$`,
  "imu",
);
const divided =
  /^[ \t]*(?:-{2,} ?(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original|Messaggio originale) ?-{2,}|_{20,})[ \t]*$/imu;
/** Heads of a mail, one under the other, as Outlook puts them. */
const headed =
  /^[ \t]*\**(?:From|Von|De|Da|Van)\**:[^\n]+\n[ \t]*\**(?:Sent|Date|Gesendet|Datum|Envoyé|Enviado|Inviato|Verzonden|To|An|À)\**:/imu;

/** Where in `text` such a head begins; null where there is none. */
export function mailTailIn(text: string): number | null {
  const starts = [said, divided, headed].flatMap((head) => head.exec(text)?.index ?? []);
  return starts.length === 0 ? null : Math.min(...starts);
}
