/*
 * Keys for the lists of the inbox: j and k go to the next and the former row, x ticks it, Enter opens it.
 * A list is [data-key-list]; its rows are [data-key-row]. What gets the focus in a row is its tick box or else its link,
 * so that a screen reader reads the row out. Keys of one letter can be switched off, as WCAG 2.1.4 asks.
 */
const SWITCHED_OFF = 'consultame-keys-off';
const TYPING = 'input:not([type="checkbox"]), select, textarea, [contenteditable]';

const list = document.querySelector('[data-key-list]');
const legend = document.querySelector('[data-key-legend]');
const toggle = legend?.querySelector('input');

const rows = () => [...list.querySelectorAll('[data-key-row]')];
const focusable = (row) => row.querySelector('input[type="checkbox"]') ?? row.querySelector('a');
const currentRow = () => document.activeElement?.closest?.('[data-key-row]') ?? null;

function move(step) {
  const all = rows();
  const at = all.indexOf(currentRow());
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
  if (next) focusable(next).focus();
}

function tick() {
  currentRow()?.querySelector('input[type="checkbox"]')?.click();
}

/* In a tick box Enter would send the form. */
function open(event) {
  const row = currentRow();
  if (!row || event.target.localName !== 'input') return false;
  row.querySelector('a').click();
  return true;
}

function act(event) {
  if (event.key === 'Enter') return open(event);
  if (toggle && !toggle.checked) return false;
  if (event.key === 'j') move(1);
  else if (event.key === 'k') move(-1);
  else if (event.key === 'x' && currentRow()) tick();
  else return false;
  return true;
}

function remembered() {
  try {
    return localStorage.getItem(SWITCHED_OFF) === null;
  } catch {
    return true;
  }
}

function remember(on) {
  try {
    if (on) localStorage.removeItem(SWITCHED_OFF);
    else localStorage.setItem(SWITCHED_OFF, '1');
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

if (list) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest(TYPING)) return;
    if (act(event)) event.preventDefault();
  });
}
if (legend) {
  legend.hidden = false;
  toggle.checked = remembered();
  toggle.addEventListener('change', () => remember(toggle.checked));
}
