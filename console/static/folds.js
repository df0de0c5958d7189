// What somebody opened or closed stays so when the page draws that part anew: while an execution
// runs, several times a second. A fold is known by its title and by how many before it have the same.
(() => {
  const chosen = new Map();

  function key(details) {
    const area = details.closest('[aria-label], main, body');
    const title = (one) => one.querySelector(':scope > summary')?.textContent.trim();
    const alike = [...area.querySelectorAll('details')].filter((one) => title(one) === title(details));
    return [location.pathname, area.ariaLabel, title(details), alike.indexOf(details)].join('\n');
  }

  document.addEventListener('click', (event) => {
    const details = event.target.closest?.('summary')?.parentElement;
    if (details?.matches('details')) chosen.set(key(details), !details.open);
  }, true);

  new MutationObserver((changes) => {
    if (!chosen.size) return;
    for (const change of changes)
      for (const node of change.addedNodes) {
        if (!node.querySelectorAll) continue;
        const found = [...node.querySelectorAll('details')];
        for (const details of node.matches('details') ? [node, ...found] : found) {
          const open = chosen.get(key(details));
          if (open !== undefined) details.open = open;
        }
      }
  }).observe(document, {childList: true, subtree: true});
})();
