import { element, icon, ICONS } from './dom.js';

const MAXIMUM_CHARACTERS = 500;
let made = 0;

/**
 * «¿Le sirvió esta respuesta?» under one answer, with what may be said after a thumb down. `nodes` are to be put there.
 * `helpful` is the vote so far or null; `send({helpful, comment?})` gives a promise that is kept when the vote is.
 */
export class AnswerRating {
  #sending = false;

  constructor(texts, helpful, send) {
    this.texts = texts;
    this.send = send;
    this.yes = this.#thumb('up', texts.helpful, true);
    this.no = this.#thumb('down', texts.notHelpful, false);
    const asked = element('span', { 'aria-hidden': 'true' }, texts.askHelpful);
    const group = { class: 'rating', role: 'group', 'aria-label': texts.askHelpful, lang: texts.lang };
    this.result = element('p', { class: 'result', role: 'status' });
    this.form = this.#commentForm();
    // The log around it reads out what comes in: the question after every answer would be too much.
    this.nodes = [
      element('div', { ...group, 'aria-live': 'off' }, asked, this.yes, this.no),
      element('div', { class: 'after-rating', lang: texts.lang, 'aria-live': 'off' }, this.result, this.form),
    ];
    this.#show(helpful);
  }

  #thumb(direction, name, helpful) {
    const attributes = { type: 'button', class: `thumb ${direction}`, 'aria-label': name, title: name };
    const button = element('button', attributes, icon(ICONS.thumb));
    button.addEventListener('click', () => this.#vote(helpful));
    return button;
  }

  #commentForm() {
    const note = element('p', { id: `comment-note-${++made}`, class: 'privacy' }, this.texts.commentPrivacy);
    const limits = { rows: '2', maxlength: String(MAXIMUM_CHARACTERS), 'aria-describedby': note.id };
    this.comment = element('textarea', limits);
    const label = element('label', {}, this.texts.askWhyNot, this.comment);
    const button = element('button', { type: 'submit', class: 'secondary' }, this.texts.sendComment);
    const form = element('form', { class: 'comment', novalidate: true, hidden: true }, label, note, button);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#sendComment();
    });
    return form;
  }

  #show(helpful) {
    this.helpful = helpful;
    this.yes.setAttribute('aria-pressed', String(helpful === true));
    this.no.setAttribute('aria-pressed', String(helpful === false));
  }

  async #vote(helpful) {
    if (this.#sending) return;
    const before = this.helpful;
    this.#show(helpful);
    if (await this.#sent({ helpful }, helpful ? this.texts.thanks : this.texts.thanksAndWhyNot)) {
      this.form.hidden = helpful;
      // At the end of the conversation what has just come in would be under the edge.
      (helpful ? this.result : this.form).scrollIntoView({ block: 'nearest' });
    } else this.#show(before);
  }

  async #sendComment() {
    const comment = this.comment.value.trim();
    if (!comment) this.comment.focus();
    if (!comment || this.#sending) return;
    if (!(await this.#sent({ helpful: false, comment }, this.texts.thanksForComment))) return;
    // The focus must not fall back to the page with the button it is on.
    this.no.focus({ preventScroll: true });
    this.comment.value = '';
    this.form.hidden = true;
  }

  /** Whether the vote was kept; says so either way. */
  async #sent(vote, thanks) {
    this.#sending = true;
    this.result.textContent = '';
    try {
      await this.send(vote);
      this.result.textContent = thanks;
      return true;
    } catch {
      this.result.textContent = this.texts.notKept;
      return false;
    } finally {
      this.#sending = false;
    }
  }
}
