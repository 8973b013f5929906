import { element } from './dom.js';

const LIST_ITEM = /^\s*(?:[-•]|(\d{1,2})[.)])\s+(.*)$/;

// One alternative for each kind of link. Without lookbehind: a browser that lacks it would refuse the whole module.
const LINK = new RegExp(
  [
    String.raw`(?<url>https?:\/\/[^\s<>"«»]+)`,
    String.raw`(?<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)`,
    String.raw`(?<tollFree>01[ -]?8000(?:[ -]?\d){6})`,
    String.raw`(?<landline>(?:\+57 ?)?(?:\(60\d\)|60\d) ?\d{3}[ -]?\d{4})`,
    String.raw`(?<mobile>(?:\+57 ?)?3\d{2}[ -]?\d{3}[ -]?\d{4})`,
    // Emergencies, fire brigade, Red Cross, civil defence, gas, women, energy: the lines of three figures in Colombia.
    String.raw`(?<short>112|115|119|123|132|144|155|164)`,
  ].join('|'),
  'g',
);

// Three figures are a telephone number only where calling is what the line is about, and never in a citation or extension.
const ABOUT_CALLING = /l[ií]nea|llam|marque|marcar|tel[eé]fono|emergencia|\bcall|\bdial|\bline\b/i;
const CITATION_BEFORE = /(?:art(?:[íi]culos?|\.)|ley|decreto|resoluci[óo]n|numeral|circular|sentencia|calle|carrera|n[oº°]\.?|ext(?:ensi[óo]n|\.)?|opci[óo]n|article|law|decree|resolution)\s*$/i;
const UNIT_AFTER = /^\s*(?:%|pesos|kg|d[ií]as|horas|minutos|metros|km|libras|days|hours|minutes|caracteres)/i;

/**
 * Turns an answer into paragraphs, lists and links. Everything in it ends as text or as an attribute we chose.
 * @param {string} text
 * @param {{newTab: string}} texts
 * @returns {DocumentFragment}
 */
export function answerText(text, texts) {
  const fragment = document.createDocumentFragment();
  let list = null;
  for (const line of text.split(/\r?\n/)) {
    const item = LIST_ITEM.exec(line);
    if (item) {
      list = listFor(list, item[1], fragment);
      list.append(element('li', {}, linked(item[2], texts)));
    } else {
      list = null;
      if (line.trim()) fragment.append(element('p', {}, linked(line.trim(), texts)));
    }
  }
  return fragment;
}

/** What a citizen wrote: paragraphs and nothing else. */
export function plainText(text) {
  const fragment = document.createDocumentFragment();
  for (const line of text.split(/\r?\n/)) if (line.trim()) fragment.append(element('p', {}, line));
  return fragment;
}

/** The list that a further item belongs to: the current one when it is of the same kind, else a new one. */
function listFor(current, number, fragment) {
  const tag = number ? 'ol' : 'ul';
  if (current?.localName === tag) return current;
  const list = element(tag, number && number !== '1' ? { start: number } : {});
  fragment.append(list);
  return list;
}

function linked(line, texts) {
  const fragment = document.createDocumentFragment();
  let done = 0;
  for (const match of line.matchAll(LINK)) {
    const link = linkFor(match, line, texts);
    if (!link) continue;
    fragment.append(line.slice(done, match.index), link.node);
    done = match.index + link.length;
  }
  fragment.append(line.slice(done));
  return fragment;
}

function linkFor(match, line, texts) {
  const { url, mail, tollFree, landline, mobile, short } = match.groups;
  if (url) return webLink(url, texts);
  if (mail) return link(mail, `mailto:${mail}`);
  if (!standsAlone(match, line)) return null;
  if (tollFree) return link(tollFree, `tel:${digits(tollFree)}`);
  if (landline || mobile) return link(match[0], `tel:+57${digits(match[0]).slice(-10)}`);
  return isShortLine(match, line) ? link(short, `tel:${short}`) : null;
}

/** False within a longer number, as a radicado or an identity number. */
function standsAlone(match, line) {
  const before = line.slice(0, match.index);
  const after = line.slice(match.index + match[0].length);
  return !/[\d\p{L}]$|[\d][-.,/ ]$/u.test(before) && !/^[\d\p{L}]|^[-.,/ ]\d/u.test(after);
}

function isShortLine(match, line) {
  const before = line.slice(0, match.index);
  const after = line.slice(match.index + match[0].length);
  return ABOUT_CALLING.test(line) && !CITATION_BEFORE.test(before) && !UNIT_AFTER.test(after);
}

function webLink(found, texts) {
  const address = withoutTrailingPunctuation(found);
  if (!isWebAddress(address)) return null;
  const made = link(address, address);
  made.node.rel = 'noopener';
  made.node.target = '_blank';
  made.node.append(element('span', { class: 'sr-only' }, ` ${texts.newTab}`));
  return made;
}

/** The full stop or bracket after an address belongs to the sentence, unless the bracket was opened in the address. */
function withoutTrailingPunctuation(address) {
  let shorter = address.replace(/[.,;:!?'»”*]+$/, '');
  while (shorter.endsWith(')') && shorter.split(')').length > shorter.split('(').length) {
    shorter = shorter.slice(0, -1).replace(/[.,;:!?]+$/, '');
  }
  return shorter;
}

function isWebAddress(address) {
  try {
    return Boolean(new URL(address).hostname);
  } catch {
    return false;
  }
}

function link(text, href) {
  return { node: element('a', { href }, text), length: text.length };
}

function digits(text) {
  return text.replace(/\D/g, '');
}
