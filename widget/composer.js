import { element } from './dom.js';

const MAXIMUM_CHARACTERS = 1000;
const COUNTED_FROM = 900;

/** The text box with its label, counter, error and button. Calls `send(text)` with what may be sent. */
export class Composer {
  constructor(texts, send) {
    this.send = send;
    const described = { 'aria-describedby': 'privacy too-long counter' };
    this.box = element('textarea', { id: 'question', rows: '1', autocomplete: 'off', ...described });
    this.label = element('label', { for: 'question', class: 'sr-only' });
    this.privacy = element('p', { id: 'privacy', class: 'privacy' });
    this.counter = element('p', { id: 'counter', class: 'counter', hidden: true });
    this.error = element('p', { id: 'too-long', class: 'error', role: 'alert' });
    this.button = element('button', { type: 'submit', class: 'send' });
    const row = element('div', { class: 'row' }, this.box, this.button);
    const parts = [this.privacy, this.label, row, this.error, this.counter];
    this.form = element('form', { class: 'composer', novalidate: true }, ...parts);
    this.#listen();
    this.localise(texts);
  }

  localise(texts) {
    this.texts = texts;
    this.label.textContent = texts.question;
    this.box.placeholder = texts.question;
    this.privacy.textContent = texts.privacy;
    this.button.textContent = texts.send;
    this.#update();
  }

  focus() {
    this.box.focus({ preventScroll: true });
  }

  /** Sends this text as if it had been typed; what the citizen was writing stays. Too long, it comes into the box. */
  submit(text) {
    const trimmed = text.trim();
    if (!trimmed) return false;
    if (lengthOf(trimmed) <= MAXIMUM_CHARACTERS) {
      this.send(trimmed);
      return true;
    }
    this.box.value = text;
    this.#update();
    this.#announceError();
    return false;
  }

  #listen() {
    this.box.addEventListener('input', () => this.#update());
    this.box.addEventListener('keydown', (event) => {
      // While an input method composes a character, Enter chooses it.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submitBox();
    });
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submitBox();
      this.focus();
    });
  }

  #submitBox() {
    if (!this.submit(this.box.value)) return;
    this.box.value = '';
    this.#update();
  }

  #update() {
    const length = lengthOf(this.box.value.trim());
    const tooLong = length > MAXIMUM_CHARACTERS;
    const maximum = this.#figure(MAXIMUM_CHARACTERS);
    this.counter.hidden = length < COUNTED_FROM;
    // Empty while hidden: as a description of the text box it would be read all the same.
    this.counter.textContent = this.counter.hidden ? '' : this.texts.counted(this.#figure(length), maximum);
    this.counter.classList.toggle('over', tooLong);
    this.box.setAttribute('aria-invalid', String(tooLong));
    const error = tooLong ? this.texts.tooLong(maximum) : '';
    if (this.error.textContent !== error) this.error.textContent = error;
    this.#grow();
  }

  /** The height through the object model, which a CSP without inline styles permits. */
  #grow() {
    this.box.style.height = 'auto';
    const borders = this.box.offsetHeight - this.box.clientHeight;
    if (this.box.scrollHeight) this.box.style.height = `${this.box.scrollHeight + borders}px`;
  }

  /** Says the error again to who hears it: an alert is read when its content comes in. */
  #announceError() {
    this.error.textContent = '';
    requestAnimationFrame(() => this.#update());
  }

  #figure(number) {
    return number.toLocaleString(this.texts.locale);
  }
}

/** In characters as the server counts them, where an emoji is one. */
function lengthOf(text) {
  return [...text].length;
}
