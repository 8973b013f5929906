import { element } from './dom.js';

/**
 * Offers the conversation as a text file. It is made in the browser; nothing is sent anywhere.
 * @param {{from: string, text: string, at: number}[]} said
 * @param {object} texts
 * @param {(at: number) => string} clock
 */
export function saveTranscript(said, texts, clock) {
  const file = new Blob([transcriptOf(said, texts, clock)], { type: 'text/plain;charset=utf-8' });
  const address = URL.createObjectURL(file);
  element('a', { href: address, download: `${texts.transcriptFile}-${today()}.txt` }).click();
  // Not at once: some browsers read it only after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function transcriptOf(said, texts, clock) {
  const parts = said.map(({ from, text, at }) => {
    const speaker = from === 'citizen' ? texts.transcriptCitizen : texts.transcriptAssistant;
    return `[${clock(at)}] ${speaker}:\n${text}\n`;
  });
  return [`${texts.transcriptTitle}\n${today()}\n${texts.about}\n`, ...parts].join('\n');
}

/** The date in Colombia as 2025-01-31 (sv-SE writes dates that way). */
function today() {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Bogota' }).format(new Date());
}
