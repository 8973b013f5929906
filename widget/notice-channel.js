import { element } from './dom.js';

let made = 0;

/**
 * One way to be told of an answer: what is agreed to, the checkbox that says so, and the address or number.
 * `name` is that of the field in the wish; `input` are the field's attributes; `consent` is the channel's {version, text}.
 */
export class NoticeChannel {
  constructor(texts, name, input, consent, error) {
    const number = ++made;
    this.texts = texts;
    this.name = name;
    this.consent = consent;
    const text = element('p', { id: `notice-consent-${number}`, class: 'privacy' }, consent.text);
    const hint = texts.hint && element('span', { id: `notice-hint-${number}`, class: 'hint' }, texts.hint);
    const described = (id) => [id, error.id].filter(Boolean).join(' ');
    this.accepted = element('input', { type: 'checkbox', required: true, 'aria-describedby': described(text.id) });
    const id = `notice-address-${number}`;
    this.address = element('input', { id, ...input, required: true, 'aria-describedby': described(hint?.id) });
    this.node = element(
      'div',
      {},
      text,
      element('label', { class: 'accept' }, this.accepted, texts.accept),
      element('label', { for: id }, texts.address),
      ...(hint ? [hint] : []),
      this.address,
    );
  }

  /** What goes into the wish. */
  get wish() {
    return { consent: this.consent.version, [this.name]: this.address.value.trim() };
  }

  /** The first thing that is missing, as the field and what is to be said of it; null when nothing is. */
  get missing() {
    if (!this.accepted.checked) return [this.accepted, this.texts.acceptMissing];
    const isWritten = this.address.value.trim() && this.address.validity.valid;
    return isWritten ? null : [this.address, this.texts.addressMissing];
  }

  clear() {
    this.address.value = '';
    this.accepted.checked = false;
  }

  forgive() {
    for (const field of [this.address, this.accepted]) field.removeAttribute('aria-invalid');
  }
}
