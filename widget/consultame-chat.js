/**
 * The chat of ConsúltaME for any web page:
 *
 *   <script type="module" src="https://…/widget/consultame-chat.js"></script>
 *   <consultame-chat api="https://…/webhooks/web">What is shown without JavaScript</consultame-chat>
 *   <button data-consultame-ask="¿Dónde queda el Ministerio?">…</button>
 *
 * It works under a CSP without inline styles and scripts: `script-src` and `style-src` need the origin of these files,
 * `connect-src` the one of `api`.
 */
import { Composer } from './composer.js';
import { Confirmation } from './confirmation.js';
import { Conversation } from './conversation.js';
import { element, icon, ICONS } from './dom.js';
import { MessageLog } from './message-log.js';
import { Panel } from './panel.js';
import { Satisfaction } from './satisfaction.js';
import { SessionStore } from './session-store.js';
import { languageOf, TEXTS } from './texts.js';
import { saveTranscript } from './transcript.js';
import { ChatTransport } from './transport.js';

const STYLES = new URL('./consultame-chat.css', import.meta.url);
const timeOfDay = new Intl.DateTimeFormat('es-CO', { hour: 'numeric', minute: '2-digit', timeZone: 'America/Bogota' });
const clock = (at) => timeOfDay.format(at);

/**
 * `<consultame-chat api lang open appointments>`. The element's children are shown only where it cannot be defined.
 *
 * - `api`: address of the web channel; without it `/webhooks/web` of the page's own server
 * - `lang`: `en` for an interface in English
 * - `open`: whether the panel is open; may be set and removed
 * - `appointments`: address of the page on which appointments are booked, offered in the menu; without it, it is not
 */
export class ConsultameChat extends HTMLElement {
  static observedAttributes = ['open', 'lang'];

  #root = null; // made on the first connection: a constructor may not read attributes
  #conversation = null;
  #opener = null; // what in the page opened the panel
  #wantsFocus = false;
  #onPageClick = (event) => this.#askFromPage(event);

  constructor() {
    super();
    this.attachShadow({ mode: 'open' });
  }

  connectedCallback() {
    document.addEventListener('click', this.#onPageClick);
    if (!this.#root) this.#build();
    if (this.hasAttribute('open')) this.#show();
    else if (this.store.get('open')) this.setAttribute('open', '');
  }

  disconnectedCallback() {
    document.removeEventListener('click', this.#onPageClick);
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#root || before === now) return;
    if (name === 'lang') this.#localise();
    else if (now === null) this.#hide();
    else if (before === null) this.#show();
  }

  /** Opens the panel and puts the focus into the text box. */
  open() {
    this.setAttribute('open', '');
    this.#wantsFocus = true;
    this.composer.focus();
  }

  /** Closes the panel and gives the focus back. */
  close() {
    this.removeAttribute('open');
  }

  /**
   * Opens the panel and asks.
   * @param {string} text empty only opens; more than 1,000 characters are put into the text box, to be shortened
   */
  ask(text) {
    this.open();
    if (this.composer.submit(String(text ?? ''))) this.#placeFocus();
  }

  #build() {
    const api = this.getAttribute('api') || '/webhooks/web';
    this.transport = new ChatTransport(api);
    this.store = new SessionStore(api);
    const texts = this.#texts;
    this.log = new MessageLog(texts, clock, {
      choose: (choice) => this.#say(choice.title, choice.button),
      rate: (messageId, vote) => this.#conversation.rate(messageId, vote),
      requestAnswer: (wish) => this.#conversation.requestAnswer(wish),
      retry: (outgoing) => this.#conversation.retry(outgoing),
      reconnect: () => this.#conversation.start(),
      focusLost: () => this.#placeFocus(),
    });
    this.composer = new Composer(texts, (text) => this.#say(text));
    this.panel = new Panel(
      texts,
      {
        close: () => this.close(),
        save: () => this.#save(),
        restart: () => this.confirmation.ask(),
        appointments: this.getAttribute('appointments'),
      },
      this.log.scroller,
      this.composer.form,
    );
    this.confirmation = new Confirmation(texts, () => this.#restart());
    this.satisfaction = new Satisfaction({
      score: (points) => this.#conversation.score(points),
      dismissed: () => this.store.set({ unscored: true }),
      focusLost: () => this.launcher.focus({ preventScroll: true }),
    });
    this.#draw();
  }

  #draw() {
    this.launcherText = element('span');
    const opensDialog = { 'aria-haspopup': 'dialog', 'aria-expanded': 'false' };
    this.launcher = element(
      'button',
      { type: 'button', class: 'launcher', ...opensDialog },
      icon(ICONS.chat),
      this.launcherText,
    );
    this.launcher.addEventListener('click', () => this.open());
    // A landmark, so that who goes through the page by landmarks comes upon it.
    this.#root = element('section', { hidden: true }, this.launcher, this.panel.dialog, this.confirmation.dialog);
    this.#localise();
    const styles = element('link', { rel: 'stylesheet', href: STYLES.href });
    // Nothing is shown before it has its form; should the styles fail to load, a plain widget is better than none.
    for (const end of ['load', 'error']) styles.addEventListener(end, () => this.#reveal());
    this.shadowRoot.append(styles, this.#root);
  }

  #reveal() {
    this.#root.hidden = false;
    if (!this.hasAttribute('open')) return;
    this.composer.localise(this.#texts);
    this.log.revealLatest();
    if (this.#wantsFocus) this.composer.focus();
    else this.panel.focusIfModal();
  }

  get #texts() {
    return TEXTS[languageOf(this.getAttribute('lang'))];
  }

  #localise() {
    const texts = this.#texts;
    this.#root.lang = languageOf(this.getAttribute('lang'));
    this.#root.setAttribute('aria-label', texts.region);
    this.launcherText.textContent = texts.launcher;
    for (const part of [this.log, this.composer, this.panel, this.confirmation]) part.localise(texts);
  }

  #show() {
    this.satisfaction.removeCard();
    this.launcher.hidden = true;
    this.launcher.setAttribute('aria-expanded', 'true');
    this.panel.show();
    this.composer.localise(this.#texts);
    this.log.revealLatest();
    this.store.set({ open: true });
    if (!this.#conversation) this.#begin();
  }

  #hide() {
    const focused = this.shadowRoot.activeElement;
    this.panel.hide();
    this.launcher.hidden = false;
    this.launcher.setAttribute('aria-expanded', 'false');
    this.store.set({ open: undefined });
    this.#wantsFocus = false;
    if (focused) this.#giveFocusBack();
    this.#opener = null;
    this.#askForScoreOnce();
  }

  /** To what in the page opened the panel, else to the launcher. */
  #giveFocusBack() {
    this.#opener?.focus({ preventScroll: true });
    if (!this.#opener || document.activeElement !== this.#opener) this.launcher.focus({ preventScroll: true });
  }

  /** When the panel is closed on a conversation that the citizen neither scored nor declined to. */
  #askForScoreOnce() {
    const hasBegun = this.log.said.some(({ from }) => from === 'citizen');
    if (!hasBegun || this.store.get('score') || this.store.get('unscored')) return;
    this.satisfaction.showAfter(this.launcher, this.#conversationTexts);
  }

  #askForScoreInLog() {
    this.satisfaction.showIn(this.log.log, this.#conversationTexts, this.store.get('score'));
    this.log.revealLatest();
  }

  get #conversationTexts() {
    return TEXTS[this.log.language] ?? this.#texts;
  }

  #begin() {
    this.#conversation = new Conversation(this.transport, this.store, {
      onRestored: (said) => this.log.restore(said),
      onAnswer: (outgoing, answers) => this.log.addAnswers(outgoing, answers, !this.#conversation.hasWaiting),
      onChange: (outgoing) => this.log.updateCitizenMessage(outgoing),
      onExpired: (outgoing) => this.log.addExpired(outgoing),
      onActivity: (activity) => this.log.showActivity(activity),
      onNotConnected: (error) => this.log.addNotConnected(error),
      onFarewell: () => this.#askForScoreInLog(),
    });
    this.#conversation.start();
  }

  #say(text, button) {
    this.log.addCitizenMessage(this.#conversation.say(text, button));
  }

  #restart() {
    this.#conversation.stop();
    this.store.set({ token: undefined, greeting: undefined });
    this.log.clear();
    this.log.showActivity(null);
    this.#begin();
    this.composer.focus();
  }

  #save() {
    saveTranscript(this.log.said, this.#texts, clock);
  }

  /** On a touch screen the text box would raise the keyboard over the answer that is coming. */
  #placeFocus() {
    const touch = matchMedia('(hover: none) and (pointer: coarse)').matches;
    if (touch) this.log.scroller.focus({ preventScroll: true });
    else this.composer.focus();
  }

  #askFromPage(event) {
    const plainClick = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !plainClick) return;
    const trigger = event.composedPath().find((node) => node.dataset?.consultameAsk !== undefined);
    if (!trigger) return;
    event.preventDefault();
    if (!this.hasAttribute('open')) this.#opener = trigger;
    this.ask(trigger.dataset.consultameAsk);
  }
}

if (!customElements.get('consultame-chat')) customElements.define('consultame-chat', ConsultameChat);
