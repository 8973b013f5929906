import { element } from './dom.js';

/** The question before a new conversation replaces the present one. Modal; Esc and «Cancelar» leave all as it was. */
export class Confirmation {
  constructor(texts, confirmed) {
    this.title = element('h2', { id: 'confirm-title' });
    this.text = element('p', { id: 'confirm-text' });
    this.yes = element('button', { type: 'button', class: 'primary' });
    this.no = element('button', { type: 'button' });
    const names = { 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-text' };
    this.dialog = element(
      'dialog',
      { class: 'confirmation', role: 'alertdialog', ...names },
      this.title,
      this.text,
      element('div', { class: 'answers' }, this.no, this.yes),
    );
    this.no.addEventListener('click', () => this.dialog.close());
    this.yes.addEventListener('click', () => {
      this.dialog.close();
      confirmed();
    });
    this.localise(texts);
  }

  localise(texts) {
    this.title.textContent = texts.confirmTitle;
    this.text.textContent = texts.confirmText;
    this.yes.textContent = texts.confirmYes;
    this.no.textContent = texts.confirmNo;
  }

  ask() {
    this.dialog.showModal();
    this.no.focus();
  }
}
