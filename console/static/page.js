// Every page: Esc closes what a question mark has opened, and the focus goes back to it.
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
