import { AnswerNotice } from './answer-notice.js';
import { AnswerRating } from './answer-rating.js';
import { element } from './dom.js';
import { answerText, plainText } from './message-text.js';
import { TEXTS } from './texts.js';

/**
 * The conversation as it is drawn: a live region with one element a message, and the typing indicator under it.
 * `handlers`: `choose(choice)`, `rate(messageId, vote)`, `requestAnswer(wish)`, `retry(outgoing)`, `reconnect()`,
 * `focusLost()` when what had the focus is removed.
 */
export class MessageLog {
  #said = new Map(); // element → {from, text, at}: what the transcript is made of, in the order of the elements
  #outgoing = new Map(); // id of an outgoing message → its element
  #activity = null;
  language = null; // of the latest answer that said it

  constructor(texts, clock, handlers) {
    this.clock = clock;
    this.handlers = handlers;
    this.log = element('div', { role: 'log', 'aria-live': 'polite', class: 'log' });
    this.typing = element('p', { role: 'status', class: 'typing' });
    // Focusable, so that it can be scrolled with the keyboard alone.
    this.scroller = element('div', { class: 'scroller', role: 'group', tabindex: '0' }, this.log, this.typing);
    this.localise(texts);
  }

  localise(texts) {
    this.texts = texts;
    this.scroller.setAttribute('aria-label', texts.conversation);
    this.log.setAttribute('aria-label', texts.conversation);
    this.#drawActivity();
  }

  clear() {
    this.log.replaceChildren();
    this.#said.clear();
    this.#outgoing.clear();
    this.language = null;
  }

  /** Puts what was said earlier on top, without having all of it read aloud when it is an old conversation. */
  restore(said) {
    this.log.querySelector('.not-connected')?.remove();
    const live = this.#said.size > 0;
    if (said.length > 1) this.#quietly();
    const nodes = said.map((one) => this.#messageNode(one));
    this.log.prepend(...nodes);
    if (!live) this.#offer(lastTurnOf(said, nodes));
    this.reveal(live ? this.log.lastElementChild : nodes.at(-1));
  }

  addCitizenMessage(outgoing) {
    this.#withdrawChoices();
    const node = this.#messageNode({ from: 'citizen', text: outgoing.text, at: outgoing.at });
    this.#outgoing.set(outgoing.id, node);
    this.log.append(node);
    this.updateCitizenMessage(outgoing);
    this.reveal(node);
  }

  /** Shows whether the message waits, or why it did not arrive. */
  updateCitizenMessage(outgoing) {
    const node = this.#outgoing.get(outgoing.id);
    node.querySelector('.failure')?.remove();
    node.querySelector('.waiting')?.remove();
    node.classList.toggle('failed', outgoing.state === 'failed');
    if (outgoing.state === 'waiting') {
      node.querySelector('.meta').append(element('span', { class: 'waiting' }, ` · ${this.texts.waiting}`));
    }
    if (outgoing.state === 'failed') {
      node.append(this.#failure(outgoing));
      this.reveal(node);
    }
  }

  /** The answers stand directly under their question, also when more was asked meanwhile. */
  addAnswers(outgoing, answers, offersChoices) {
    if (!answers.length) return;
    const nodes = answers.map((answer) => this.#messageNode(answer));
    this.#withdrawChoices();
    this.#outgoing.get(outgoing.id).after(...nodes);
    if (offersChoices) this.#offer(answers.map((answer, index) => [answer, nodes[index]]));
    this.reveal(nodes[0]);
  }

  /** Says that a new session began: above the message it began with, or above all. */
  addExpired(outgoing) {
    const notice = element('p', { class: 'notice' }, this.texts.expired);
    if (!outgoing) {
      this.log.prepend(notice);
      return;
    }
    // Those on the screen were signed for the session that is over.
    this.#withdrawChoices();
    this.#outgoing.get(outgoing.id).before(notice);
  }

  addNotConnected(error) {
    this.log.querySelector('.not-connected')?.remove();
    const text = element('span', {}, this.#explanation(error, this.texts.notConnected));
    const retry = this.#retryButton(() => {
      notice.remove();
      this.handlers.reconnect();
    });
    const notice = element('div', { class: 'failure not-connected' }, text, ' ', retry);
    this.log.append(notice);
    this.reveal(notice);
  }

  /** @param {'connecting'|'answering'|null} activity */
  showActivity(activity) {
    if (activity === this.#activity) return;
    const begins = !this.#activity;
    this.#activity = activity;
    this.#drawActivity();
    if (begins) this.#scrollBy(this.scroller.scrollHeight);
  }

  #drawActivity() {
    const text = { connecting: this.texts.connecting, answering: this.texts.typing }[this.#activity];
    this.typing.replaceChildren();
    this.typing.classList.toggle('active', Boolean(text));
    if (!text) return;
    const dots = element('span', { class: 'dots', 'aria-hidden': 'true' }, ...[1, 2, 3].map(() => element('span')));
    this.typing.append(dots, text);
  }

  /** What was said, in the order it is shown. */
  get said() {
    return [...this.log.children].map((node) => this.#said.get(node)).filter(Boolean);
  }

  /** Scrolls to the latest message: a panel that was closed forgets how far it was scrolled. */
  revealLatest() {
    this.reveal(this.log.lastElementChild);
  }

  /** Scrolls a message's beginning to the top, or to the end when all after it fits: answers are read from the start. */
  reveal(node) {
    if (!node?.isConnected) return;
    const margin = 12;
    this.#scrollBy(node.getBoundingClientRect().top - this.#viewport.getBoundingClientRect().top - margin);
  }

  #scrollBy(distance) {
    this.#viewport.scrollTop += distance;
  }

  /** What scrolls: in a very low window the styles let the whole panel scroll. */
  get #viewport() {
    return getComputedStyle(this.scroller).overflowY === 'visible' ? this.scroller.parentElement : this.scroller;
  }

  #quietly() {
    this.log.setAttribute('aria-live', 'off');
    setTimeout(() => this.log.setAttribute('aria-live', 'polite'), 500);
  }

  #messageNode({ from, text, at, rating, answerRequest }) {
    const speaker = from === 'citizen' ? this.texts.citizenSays : this.texts.assistantSays;
    const content = from === 'citizen' ? plainText(text) : answerText(text, this.texts);
    const meta = element('p', { class: 'meta' }, element('time', { datetime: new Date(at).toISOString() }, this.clock(at)));
    const node = element(
      'div',
      { class: `message ${from}` },
      element('div', { class: 'bubble' }, element('p', { class: 'sr-only' }, speaker), content),
      rating ? element('div', { class: 'foot' }, meta, ...this.#ratingNodes(rating)) : meta,
    );
    if (answerRequest) node.append(this.#noticeNode(answerRequest));
    this.#said.set(node, { from, text, at });
    return node;
  }

  /** In the language of the answer, which need not be the interface's. */
  #ratingNodes({ message_id: id, helpful, language }) {
    this.language = language;
    return new AnswerRating(TEXTS[language], helpful, (vote) => this.handlers.rate(id, vote)).nodes;
  }

  #noticeNode(offer) {
    return new AnswerNotice(TEXTS[offer.language], offer, this.handlers.requestAnswer).node;
  }

  #offer(turn) {
    for (const [{ buttons }, node] of turn) {
      if (!buttons.length) continue;
      const choices = buttons.map((choice) => this.#choiceButton(choice));
      node.append(element('div', { class: 'choices', role: 'group', 'aria-label': this.texts.choices }, ...choices));
    }
  }

  #choiceButton(choice) {
    const button = element('button', { type: 'button', class: 'choice' }, choice.title);
    button.addEventListener('click', () => this.handlers.choose(choice));
    return button;
  }

  #withdrawChoices() {
    this.#removing(() => this.log.querySelectorAll('.choices').forEach((choices) => choices.remove()));
  }

  #failure(outgoing) {
    const { kind } = outgoing.error;
    const refused = this.#explanation(outgoing.error, this.texts.refused);
    const text = { tooFast: this.texts.tooFast, refused }[kind] ?? this.texts.notSent;
    const failure = element('div', { class: 'failure' }, element('span', {}, text));
    if (kind !== 'refused') failure.append(' ', this.#retryButton(() => this.#retry(outgoing)));
    return failure;
  }

  #explanation(error, otherwise) {
    return (this.texts.explainedByServer && error.explanation) || otherwise;
  }

  #retryButton(action) {
    const button = element('button', { type: 'button', class: 'retry' }, this.texts.retry);
    button.addEventListener('click', () => this.#removing(action));
    return button;
  }

  /** A message that is sent again goes to the end, where the assistant will find it in its history. */
  #retry(outgoing) {
    const node = this.#outgoing.get(outgoing.id);
    this.#withdrawChoices();
    if (node.nextElementSibling) this.log.append(node);
    this.handlers.retry(outgoing);
    this.updateCitizenMessage(outgoing);
    this.reveal(node);
  }

  /** Does what may remove the focused button, and then says so: the focus must not fall back to the page. */
  #removing(action) {
    const focused = this.log.getRootNode().activeElement;
    const inLog = this.log.contains(focused);
    action();
    if (inLog && !focused.isConnected) this.handlers.focusLost();
  }
}

/** The messages after the citizen's last one, each with its element. */
function lastTurnOf(said, nodes) {
  const first = said.map(({ from }) => from).lastIndexOf('citizen') + 1;
  return said.slice(first).map((one, index) => [one, nodes[first + index]]);
}
