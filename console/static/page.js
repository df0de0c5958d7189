// Every page. Esc closes what a question mark has opened, and the focus goes back to it.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const opened = document.querySelector("[popover]:popover-open");
  if (!opened) return;
  event.preventDefault();
  event.stopPropagation(); // nothing else is meant by it
  opened.hidePopover();
  document.querySelector(`[popovertarget="${CSS.escape(opened.id)}"]`)?.focus();
}, { capture: true });

// A run that is held goes on by the key n, unless somebody writes.
document.addEventListener("keydown", (event) => {
  if (event.key !== "n" || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.target.matches?.("input:not([type=checkbox]), textarea, select")) return;
  const button = document.querySelector("[data-go-on]");
  if (button?.checkVisibility()) button.click();
});
