// The guided tour: one step after the other beside what it is about, until the end, Esc or Leave.
"use strict";

(() => {
  const SEEN = "console-tour-seen";
  let card = null;
  let at = -1;

  const steps = () => [...document.querySelectorAll("[data-tour-steps] > li")];

  function made(tag, className, text = "") {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  }

  function button(text, act, className = "button small") {
    const element = made("button", className, text);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  }

  function unmark() {
    document.querySelector(".toured")?.classList.remove("toured");
  }

  function leave() {
    localStorage.setItem(SEEN, "1");
    unmark();
    card?.remove();
    card = null;
    document.querySelector("[data-tour-start]")?.focus({ preventScroll: true });
  }

  function show(number) {
    const all = steps();
    const step = all[number];
    const target = step && document.querySelector(step.dataset.target);
    if (!target) {
      leave();
      return;
    }
    at = number;
    unmark();
    target.classList.add("toured");
    target.scrollIntoView({ block: "center", inline: "nearest" });
    card.replaceChildren(
      ...[...step.children].map((child) => child.cloneNode(true)),
      made("p", "dim", `${number + 1} of ${all.length}`),
    );
    card.setAttribute("aria-label", `Tour: ${step.firstElementChild.textContent}`);
    const row = made("div", "row");
    if (number > 0) row.append(button("Back", () => show(number - 1)));
    const last = number === all.length - 1;
    const next = button(last ? "Done" : "Next", () => (last ? leave() : show(number + 1)));
    next.classList.add("primary");
    row.append(next);
    if (!last) row.append(button("Leave the tour", leave));
    card.append(row);
    // Beside what it is about, not upon it.
    const seen = target.getBoundingClientRect();
    card.classList.toggle("left", seen.left > window.innerWidth / 2);
    next.focus({ preventScroll: true });
  }

  function start() {
    card?.remove();
    card = made("section", "tour-card");
    card.setAttribute("role", "dialog");
    document.body.append(card);
    show(0);
  }

  document.addEventListener("keydown", (event) => {
    if (!card || event.defaultPrevented) return;
    if (event.key === "Escape") {
      event.preventDefault();
      leave();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-tour-start]")) start();
  });

  // The page draws itself when its script is there: the tour begins with it.
  if (!localStorage.getItem(SEEN)) {
    const waiting = new MutationObserver(() => {
      if (!steps().length || !document.querySelector("[data-station=API]")) return;
      waiting.disconnect();
      if (!card) start();
    });
    waiting.observe(document.documentElement, { subtree: true, childList: true });
  }
})();
