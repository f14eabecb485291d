'use strict';
(() => {
  const table = document.getElementById('users');
  const rows = [...table.tBodies[0].rows];
  const nameOf = row => JSON.parse(row.dataset.name);
  const decisionOf = row => row.querySelector('.decision').dataset.decision || '';
  let isSaved = true;

  // Decisions. A row gets its list when it is scrolled into view, because thousands of lists make the page slow.
  const observer = new IntersectionObserver(entries => {
    for (const entry of entries.filter(seen => seen.isIntersecting)) {
      observer.unobserve(entry.target);
      addDecisions(entry.target);
    }
  }, { rootMargin: '400px' });
  rows.forEach(row => observer.observe(row));

  function addDecisions(row) {
    const cell = row.querySelector('.decision');
    const isDisabled = row.cells[1].classList.contains('disabled');
    const select = document.createElement('select');
    select.setAttribute('aria-label', 'Decision for ' + nameOf(row));
    for (const decision of isDisabled ? ['', 'Keep', 'Remove'] : ['', 'Keep', 'Disable', 'Remove'])
      select.add(new Option(decision));
    select.addEventListener('change', () => {
      cell.dataset.decision = select.value;
      isSaved = false;
      count();
    });
    cell.append(select);
  }

  // Spreadsheets take a cell that begins with one of these characters for a formula.
  const neutralized = text => /^'*[=+\-@\t\r]/.test(text) ? "'" + text : text;
  const quoted = text => '"' + neutralized(text).replaceAll('"', '""') + '"';

  document.getElementById('save').addEventListener('click', () => {
    const lines = rows.map(row => [nameOf(row), decisionOf(row)]);
    const csv = '\uFEFF' + [['Username', 'Decision'], ...lines]
      .map(line => line.map(quoted).join(',') + '\r\n').join('');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([csv], { type: 'text/csv' }));
    link.download = document.body.dataset.file;
    link.click();
    isSaved = true;
  });

  window.addEventListener('beforeunload', event => {
    if (!isSaved)
      event.preventDefault();
  });

  // Filter
  const filter = document.getElementById('filter');
  const warnings = document.getElementById('warnings');
  const undecided = document.getElementById('undecided');
  const shown = document.getElementById('shown');
  const texts = new Map(rows.map(row => [row, [0, 1, 5, 6].map(i => row.cells[i].textContent).join('\n').toLowerCase()]));

  function count() {
    const decided = rows.filter(row => decisionOf(row)).length;
    const visible = rows.filter(row => !row.hidden).length;
    shown.value = `${visible} of ${rows.length} users shown, ${decided} decided`;
  }

  function show() {
    const wanted = filter.value.trim().toLowerCase();
    for (const row of rows)
      row.hidden = !texts.get(row).includes(wanted)
        || (warnings.checked && row.cells[6].dataset.sort === '0')
        || (undecided.checked && decisionOf(row) !== '');
    count();
  }

  for (const input of [filter, warnings, undecided])
    input.addEventListener('input', show);

  // Sorting
  const collator = new Intl.Collator('en', { numeric: true });
  function keyOf(cell) {
    return cell.dataset.sort ?? cell.dataset.decision ?? cell.querySelector('time')?.dateTime
      ?? (cell.classList.contains('decision') ? '' : cell.textContent);
  }

  function sort(list, headers, column) {
    const isDescending = headers[column].getAttribute('aria-sort') === 'ascending';
    for (const header of headers)
      header.removeAttribute('aria-sort');
    headers[column].setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
    const keys = [...list.tBodies[0].rows].map(row => ({ row, key: keyOf(row.cells[column]) }));
    keys.sort((a, b) => (isDescending ? -1 : 1) * collator.compare(a.key, b.key));
    list.tBodies[0].append(...keys.map(({ row }) => row));
  }

  function makeSortable(list) {
    const headers = [...list.tHead.rows[0].cells];
    headers.forEach((header, column) => {
      // Not a button, because Chromium does not repeat a header with buttons on each printed page.
      header.tabIndex = 0;
      header.addEventListener('click', () => sort(list, headers, column));
      header.addEventListener('keydown', event => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          sort(list, headers, column);
        }
      });
    });
  }

  document.querySelectorAll('table.list').forEach(makeSortable);
  document.querySelector('.tools').hidden = false;
  count();
})();
