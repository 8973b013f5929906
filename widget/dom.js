/**
 * Makes an element. Text goes in as text nodes only, so that nothing that came over the network becomes markup.
 * @param {string} tag
 * @param {Record<string, string|boolean|null|undefined>} [attributes] true sets an empty one; false and null set none
 * @param {...(Node|string)} children
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, '');
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** A decorative line icon drawn with one path in a 24 × 24 box; its colour is the text's. */
export function icon(path) {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const line = document.createElementNS(namespace, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

export const ICONS = {
  chat: 'M4 5h16v11H10l-4.5 4v-4H4z M8 9h8 M8 12h5',
  close: 'M6 6l12 12 M18 6L6 18',
  thumb: 'M7 11v9H4v-9z M7 11l4-7.5a2 2 0 0 1 2 2.2L12.6 10H18a2 2 0 0 1 2 2.3l-.9 6a2 2 0 0 1-2 1.7H7',
  more: 'M12 5v.01 M12 12v.01 M12 19v.01',
};
