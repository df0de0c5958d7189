// The list of executions: drawn anew, it would take the focus from the row that somebody opens.
"use strict";

(() => {
  const openerOf = (event) => event.target.closest?.("[data-group]")?.dataset.group ?? null;
  let wanted = null;

  document.addEventListener("focusin", (event) => {
    wanted = openerOf(event);
  });
  document.addEventListener("pointerdown", (event) => {
    wanted = openerOf(event);
  });
  new MutationObserver(() => {
    if (wanted === null || document.activeElement !== document.body) return;
    document.querySelector(`[data-group="${CSS.escape(wanted)}"]`)?.focus();
  }).observe(document.documentElement, { subtree: true, childList: true });
})();
