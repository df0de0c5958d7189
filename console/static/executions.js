// The list of executions: drawn anew, it would take the focus from the row that somebody opens.
"use strict";

(() => {
  const rowOf = (event) => {
    const opener = event.target.closest?.("[data-group]");
    if (opener) return `[data-group="${CSS.escape(opener.dataset.group)}"]`;
    const mark = event.target.closest?.("table input[name]");
    return mark ? `input[name="${CSS.escape(mark.name)}"]` : null;
  };
  let wanted = null;

  document.addEventListener("focusin", (event) => {
    wanted = rowOf(event);
  });
  document.addEventListener("pointerdown", (event) => {
    wanted = rowOf(event);
  });
  new MutationObserver(() => {
    if (wanted === null || document.activeElement !== document.body) return;
    document.querySelector(wanted)?.focus();
  }).observe(document.documentElement, { subtree: true, childList: true });
})();
