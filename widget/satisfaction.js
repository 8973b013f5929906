import { element, icon, ICONS } from './dom.js';

const THANKS_MILLISECONDS = 8000;

/**
 * How the conversation was, from 1 to 5: under a goodbye in the log, or beside the launcher when the panel is closed.
 * `handlers`: `score(points)` gives a promise that is kept when the score is; `dismissed()`; `focusLost()`.
 */
export class Satisfaction {
  #timer = null;
  #points = null;

  constructor(handlers) {
    this.handlers = handlers;
    this.question = element('p', { id: 'satisfaction-question', class: 'satisfaction-question' });
    this.buttons = [1, 2, 3, 4, 5].map((points) => this.#scoreButton(points));
    this.ends = element('p', { class: 'ends', 'aria-hidden': 'true' }, element('span'), element('span'));
    this.result = element('p', { class: 'result', role: 'status' });
    this.closeButton = element('button', { type: 'button', class: 'icon-button' }, icon(ICONS.close));
    this.closeButton.addEventListener('click', () => this.#dismiss());
    const scores = element('div', { class: 'scores' }, ...this.buttons);
    const group = { class: 'satisfaction', role: 'group', 'aria-labelledby': this.question.id, 'aria-live': 'off' };
    this.node = element('div', group, this.closeButton, this.question, scores, this.ends, this.result);
  }

  /** Shows it at the end of the log, as part of the conversation. */
  showIn(log, texts, points) {
    this.#draw(texts, points);
    this.node.classList.remove('card');
    this.closeButton.hidden = true;
    log.append(this.node);
  }

  /** Shows it as a small card after this element. */
  showAfter(launcher, texts, points) {
    this.#draw(texts, points);
    this.node.classList.add('card');
    this.closeButton.hidden = false;
    launcher.after(this.node);
  }

  /** Removes the card; what stands in the log stays. */
  removeCard() {
    clearTimeout(this.#timer);
    if (!this.node.classList.contains('card')) return;
    const focused = this.node.contains(this.node.getRootNode().activeElement);
    this.node.remove();
    if (focused) this.handlers.focusLost();
  }

  #scoreButton(points) {
    const button = element('button', { type: 'button', class: 'score' }, String(points));
    button.addEventListener('click', () => this.#score(points));
    return button;
  }

  #draw(texts, points) {
    clearTimeout(this.#timer);
    this.texts = texts;
    this.node.lang = texts.lang;
    this.question.textContent = texts.askSatisfaction;
    this.closeButton.setAttribute('aria-label', texts.dismissSatisfaction);
    this.buttons.forEach((button, index) => button.setAttribute('aria-label', texts.scores[index]));
    [this.ends.firstChild.textContent, this.ends.lastChild.textContent] = texts.scoreEnds;
    this.result.textContent = '';
    this.#press(points ?? null);
  }

  #press(points) {
    this.#points = points;
    this.buttons.forEach((button, index) => button.setAttribute('aria-pressed', String(index + 1 === points)));
  }

  async #score(points) {
    const before = this.#points;
    this.#press(points);
    this.result.textContent = '';
    clearTimeout(this.#timer);
    try {
      await this.handlers.score(points);
    } catch {
      this.#press(before);
      this.result.textContent = this.texts.notKept;
      return;
    }
    this.result.textContent = this.texts.thanks;
    this.#timer = setTimeout(() => this.removeCard(), THANKS_MILLISECONDS);
  }

  #dismiss() {
    this.handlers.dismissed();
    this.removeCard();
  }
}
