import { element, icon, ICONS } from './dom.js';

// A small window (a phone, or a desktop zoomed in) gives all its room to the conversation.
const FULL_SCREEN = '(max-width: 479.98px), (max-height: 419.98px)';

/**
 * The dialog: header with its menu, and what is put in it. Beside the page where there is room; else full screen and
 * modal, which the native dialog makes of it. `actions`: `close()`, `save()`, `restart()`;
 * `appointments` is the address of the booking page, if there is one.
 */
export class Panel {
  constructor(texts, actions, ...content) {
    this.actions = actions;
    this.fullScreen = matchMedia(FULL_SCREEN);
    const names = { 'aria-labelledby': 'title', 'aria-describedby': 'about' };
    this.dialog = element('dialog', { class: 'panel', ...names }, this.#header(), ...content);
    this.#listen();
    this.localise(texts);
  }

  localise(texts) {
    this.title.textContent = texts.title;
    this.about.textContent = texts.about;
    this.menuButton.setAttribute('aria-label', texts.options);
    this.closeButton.setAttribute('aria-label', texts.close);
    this.saveButton.textContent = texts.save;
    this.restartButton.textContent = texts.restart;
    this.appointmentsLink.textContent = texts.appointments;
    this.appointmentsLink.setAttribute('aria-label', `${texts.appointments} ${texts.newTab}`);
  }

  /** Shows the panel without moving the focus, unless it is modal. */
  show() {
    if (this.dialog.open) return;
    if (this.fullScreen.matches) this.dialog.showModal();
    // show() would take the focus away from what the citizen is doing in the page.
    else this.dialog.setAttribute('open', '');
    this.#fitToKeyboard();
  }

  /** Takes the focus when the panel is modal: the page behind it can have none. */
  focusIfModal() {
    if (this.dialog.open && this.fullScreen.matches) this.closeButton.focus();
  }

  hide() {
    this.#toggleMenu(false);
    if (this.dialog.open) this.dialog.close();
  }

  /** The panel's elements that Tab can reach, in order. */
  get #focusable() {
    const all = this.dialog.querySelectorAll('button, a[href], textarea, [tabindex="0"]');
    return [...all].filter((node) => node.getClientRects().length);
  }

  #header() {
    this.title = element('h2', { id: 'title' });
    this.about = element('p', { id: 'about' });
    const iconButton = { type: 'button', class: 'icon-button' };
    const expands = { 'aria-expanded': 'false', 'aria-controls': 'menu' };
    this.menuButton = element('button', { ...iconButton, ...expands }, icon(ICONS.more));
    this.closeButton = element('button', iconButton, icon(ICONS.close));
    this.saveButton = element('button', { type: 'button' });
    this.restartButton = element('button', { type: 'button' });
    const { appointments } = this.actions;
    this.appointmentsLink = element('a', { href: appointments ?? '', target: '_blank', rel: 'noopener' });
    const offered = [...(appointments ? [this.appointmentsLink] : []), this.saveButton, this.restartButton];
    this.menu = element('div', { id: 'menu', class: 'menu', hidden: true }, ...offered);
    this.options = element('div', { class: 'options' }, this.menuButton, this.menu);
    const names = element('div', { class: 'names' }, this.title, this.about);
    return element('div', { class: 'header' }, names, this.options, this.closeButton);
  }

  #listen() {
    this.menuButton.addEventListener('click', () => this.#toggleMenu(this.menu.hidden));
    this.closeButton.addEventListener('click', () => this.actions.close());
    for (const [button, action] of [[this.saveButton, 'save'], [this.restartButton, 'restart']]) {
      button.addEventListener('click', () => {
        this.#toggleMenu(false);
        this.menuButton.focus();
        this.actions[action]();
      });
    }
    this.options.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget && !this.options.contains(relatedTarget)) this.#toggleMenu(false);
    });
    this.dialog.addEventListener('pointerdown', ({ target }) => {
      if (!this.options.contains(target)) this.#toggleMenu(false);
    });
    this.dialog.addEventListener('keydown', (event) => this.#onKey(event));
    // What asks a modal dialog to close without a key, as a phone's gesture to go back.
    this.dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      this.actions.close();
    });
    this.fullScreen.addEventListener('change', () => this.#changeMode());
    for (const change of ['resize', 'scroll']) {
      window.visualViewport?.addEventListener(change, () => this.#fitToKeyboard());
    }
  }

  #onKey(event) {
    if (event.key === 'Escape') {
      event.preventDefault();
      if (this.menu.hidden) this.actions.close();
      else {
        this.#toggleMenu(false);
        this.menuButton.focus();
      }
    }
    if (event.key === 'Tab' && this.fullScreen.matches) this.#keepFocusInside(event);
  }

  #keepFocusInside(event) {
    const focusable = this.#focusable;
    const [from, to] = event.shiftKey ? [focusable[0], focusable.at(-1)] : [focusable.at(-1), focusable[0]];
    if (this.dialog.getRootNode().activeElement !== from) return;
    event.preventDefault();
    to.focus();
  }

  #toggleMenu(shown) {
    this.menu.hidden = !shown;
    this.menuButton.setAttribute('aria-expanded', String(shown));
  }

  /** A window that was resized, turned or zoomed: the dialog becomes modal or stops being so, and keeps the focus. */
  #changeMode() {
    if (!this.dialog.open) return;
    const focused = this.dialog.getRootNode().activeElement;
    this.dialog.close();
    this.show();
    if (this.dialog.contains(focused)) focused.focus({ preventScroll: true });
  }

  /** A phone's keyboard covers the page without making it smaller: the full screen ends where the keyboard begins. */
  #fitToKeyboard() {
    const view = window.visualViewport;
    const style = this.dialog.style;
    if (!view || !this.fullScreen.matches || view.scale > 1.05) {
      style.removeProperty('--visible-height');
      style.removeProperty('--visible-top');
      return;
    }
    style.setProperty('--visible-height', `${view.height}px`);
    style.setProperty('--visible-top', `${view.offsetTop}px`);
  }
}
