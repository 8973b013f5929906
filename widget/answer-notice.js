import { element } from './dom.js';

const LONGEST_EMAIL = 254;
let made = 0;

/**
 * «Avíseme cuando haya respuesta» under the message that a question was kept: a button, then consent and e-mail.
 * `offer` is the channel's `answer_request`; `send({message_id, email, consent, language})` gives a promise that is kept
 * when the wish is. `node` is to be put under the message.
 */
export class AnswerNotice {
  #sending = false;

  constructor(texts, offer, send) {
    this.texts = texts;
    this.offer = offer;
    this.send = send;
    this.result = element('p', { class: 'result', role: 'status' });
    this.form = this.#wishForm();
    const controls = { 'aria-expanded': 'false', 'aria-controls': this.form.id };
    this.button = element('button', { type: 'button', class: 'secondary', ...controls });
    this.button.addEventListener('click', () => this.#toggle());
    // The log around it reads out what comes in: the button after every question would be too much.
    const quiet = { class: 'answer-notice', lang: texts.lang, 'aria-live': 'off' };
    this.node = element('div', quiet, this.result, this.button, this.form);
    this.#show(offer.requested);
  }

  #wishForm() {
    const number = ++made;
    const { texts, offer } = this;
    const consent = element('p', { id: `notice-consent-${number}`, class: 'privacy' }, offer.consent.text);
    this.error = element('p', { id: `notice-error-${number}`, class: 'error', role: 'alert' });
    const field = { type: 'email', autocomplete: 'email', maxlength: String(LONGEST_EMAIL), required: true };
    this.email = element('input', { ...field, 'aria-describedby': this.error.id });
    this.accepted = element('input', { type: 'checkbox', required: true, 'aria-describedby': `${consent.id} ${this.error.id}` });
    const form = element(
      'form',
      { id: `notice-form-${number}`, class: 'comment', novalidate: true, hidden: true },
      consent,
      element('label', { class: 'accept' }, this.accepted, texts.acceptConsent),
      element('label', {}, texts.email, this.email),
      this.error,
      element('button', { type: 'submit', class: 'secondary' }, texts.sendEmail),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    return form;
  }

  #toggle() {
    this.form.hidden = !this.form.hidden;
    this.button.setAttribute('aria-expanded', String(!this.form.hidden));
    if (this.form.hidden) return;
    this.accepted.focus({ preventScroll: true });
    // At the end of the conversation what has just come in would be under the edge.
    this.form.scrollIntoView({ block: 'nearest' });
  }

  #show(requested) {
    this.result.textContent = requested ? this.texts.willBeTold : '';
    this.button.textContent = requested ? this.texts.otherEmail : this.texts.tellMe;
  }

  async #submit() {
    if (this.#sending || !this.#isComplete()) return;
    this.#sending = true;
    const { message_id, language, consent } = this.offer;
    try {
      await this.send({ message_id, language, consent: consent.version, email: this.email.value.trim() });
    } catch (error) {
      this.#complain((this.texts.explainedByServer && error.explanation) || this.texts.wishNotKept, this.email);
      return;
    } finally {
      this.#sending = false;
    }
    this.email.value = '';
    this.accepted.checked = false;
    // The focus must not fall back to the page with the button it is on.
    this.button.focus({ preventScroll: true });
    this.#toggle();
    this.#show(true);
  }

  #isComplete() {
    this.error.textContent = '';
    for (const field of [this.email, this.accepted]) field.removeAttribute('aria-invalid');
    if (!this.accepted.checked) return this.#complain(this.texts.consentMissing, this.accepted);
    const isEmail = this.email.value.trim() && this.email.validity.valid;
    return isEmail || this.#complain(this.texts.emailMissing, this.email);
  }

  #complain(text, field) {
    this.error.textContent = text;
    field.setAttribute('aria-invalid', 'true');
    field.focus({ preventScroll: true });
    this.form.scrollIntoView({ block: 'nearest' });
    return false;
  }
}
