/** Arrow keys in the month of the booking page. Without it, Tab reaches every day. */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const MONTHS = { PageUp: 'previous-month', PageDown: 'next-month' };

document.addEventListener('keydown', (event) => {
  const grid = event.target.closest?.('[data-calendar]');
  if (!grid || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key in MONTHS) document.getElementById(MONTHS[event.key])?.click();
  else if (event.key in STEPS) neighbour(grid, event.target, STEPS[event.key])?.focus();
  else return;
  event.preventDefault();
});

/** The next day that can be chosen in this direction; days without appointments are passed over. */
function neighbour(grid, day, step) {
  const cells = [...grid.querySelectorAll('tbody td')];
  for (let place = cells.indexOf(day.closest('td')) + step; place in cells; place += step) {
    const button = cells[place].querySelector('button');
    if (button) return button;
  }
  return null;
}

// Another month has come: the focus stays on the button that brought it; where that one is gone, it goes to the days.
let pressed = '';
document.addEventListener('htmx:beforeRequest', (event) => {
  pressed = event.target.id;
});
document.addEventListener('htmx:afterSettle', () => {
  const stays = document.getElementById(pressed) ?? document.querySelector('[data-calendar] button');
  stays?.focus();
});
