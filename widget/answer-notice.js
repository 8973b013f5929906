import { element } from './dom.js';
import { NoticeChannel } from './notice-channel.js';

const EMAIL = { type: 'email', autocomplete: 'email', maxlength: '254' };
const PHONE = { type: 'tel', autocomplete: 'tel', maxlength: '40' };
// Said by the server in the language of the wish; its other explanations are in Spanish.
const ABOUT_THE_WISH = ['invalid_email', 'invalid_phone', 'consent_outdated', 'channel_unavailable', 'already_notified'];
let made = 0;

/**
 * «Avíseme cuando haya respuesta» under the message that a question was kept: a button, then consent and e-mail or, where
 * the offer has it, WhatsApp. `offer` is the channel's `answer_request`; `send({message_id, email | phone, consent,
 * language})` gives a promise that is kept when the wish is. `node` is to be put under the message.
 */
export class AnswerNotice {
  #sending = false;

  constructor(texts, offer, send) {
    this.texts = texts;
    this.offer = offer;
    this.send = send;
    this.number = ++made;
    this.result = element('p', { class: 'result', role: 'status' });
    this.error = element('p', { id: `notice-error-${this.number}`, class: 'error', role: 'alert' });
    this.channels = this.#channels();
    this.form = this.#wishForm();
    this.#choose(this.channels[0]);
    const controls = { 'aria-expanded': 'false', 'aria-controls': this.form.id };
    this.button = element('button', { type: 'button', class: 'secondary', ...controls });
    this.button.addEventListener('click', () => this.#toggle());
    // The log around it reads out what comes in: the button after every question would be too much.
    const quiet = { class: 'answer-notice', lang: texts.lang, 'aria-live': 'off' };
    this.node = element('div', quiet, this.result, this.button, this.form);
    this.#show(offer.requested);
  }

  #channels() {
    const { texts, offer, error } = this;
    const channels = [new NoticeChannel(texts.noticeByEmail, 'email', EMAIL, offer.consent, error)];
    const byWhatsApp = offer.whatsapp_consent;
    if (byWhatsApp) channels.push(new NoticeChannel(texts.noticeByWhatsApp, 'phone', PHONE, byWhatsApp, error));
    return channels;
  }

  #wishForm() {
    const form = element(
      'form',
      { id: `notice-form-${this.number}`, class: 'comment', novalidate: true, hidden: true },
      ...(this.channels.length > 1 ? [this.#choice()] : []),
      ...this.channels.map((channel) => channel.node),
      this.error,
      element('button', { type: 'submit', class: 'secondary' }, this.texts.sendWish),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    return form;
  }

  #choice() {
    this.radios = this.channels.map((channel, index) => {
      const radio = element('input', { type: 'radio', name: `notice-channel-${this.number}`, checked: index === 0 });
      radio.addEventListener('change', () => this.#choose(channel));
      return radio;
    });
    const labels = this.channels.map((channel, index) => element('label', { class: 'accept' }, this.radios[index], channel.texts.channel));
    return element('fieldset', {}, element('legend', {}, this.texts.askChannel), ...labels);
  }

  /** What was agreed to for one channel says nothing of another: each has its own checkbox. */
  #choose(chosen) {
    this.chosen = chosen;
    this.error.textContent = '';
    for (const channel of this.channels) channel.node.hidden = channel !== chosen;
  }

  #toggle() {
    this.form.hidden = !this.form.hidden;
    this.button.setAttribute('aria-expanded', String(!this.form.hidden));
    if (this.form.hidden) return;
    const first = this.radios?.find((radio) => radio.checked) ?? this.chosen.accepted;
    first.focus({ preventScroll: true });
    // At the end of the conversation what has just come in would be under the edge.
    this.form.scrollIntoView({ block: 'nearest' });
  }

  #show(requested) {
    const { willBeTold, otherEmail, otherAddress, tellMe, tellMeSomehow } = this.texts;
    const [first, again] = this.radios ? [tellMeSomehow, otherAddress] : [tellMe, otherEmail];
    this.result.textContent = requested ? willBeTold : '';
    this.button.textContent = requested ? again : first;
  }

  async #submit() {
    if (this.#sending || !this.#isComplete()) return;
    this.#sending = true;
    const { chosen } = this;
    const { message_id, language } = this.offer;
    try {
      await this.send({ message_id, language, ...chosen.wish });
    } catch (error) {
      const isExplained = this.texts.explainedByServer || ABOUT_THE_WISH.includes(error.code);
      this.#complain(chosen.address, (isExplained && error.explanation) || chosen.texts.notKept);
      return;
    } finally {
      this.#sending = false;
    }
    for (const channel of this.channels) channel.clear();
    // The focus must not fall back to the page with the button it is on.
    this.button.focus({ preventScroll: true });
    this.#toggle();
    this.#show(true);
  }

  #isComplete() {
    this.error.textContent = '';
    this.chosen.forgive();
    const { missing } = this.chosen;
    if (missing) this.#complain(...missing);
    return !missing;
  }

  #complain(field, text) {
    this.error.textContent = text;
    field.setAttribute('aria-invalid', 'true');
    field.focus({ preventScroll: true });
    // What was said stands above the button; the whole form may be higher than the screen.
    this.form.lastElementChild.scrollIntoView({ block: 'nearest' });
  }
}
