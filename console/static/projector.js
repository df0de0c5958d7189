// Projector mode: large type and one thing at a time. Arrow keys or a presenter's remote go on, Esc
// leaves. It stays on from page to page, until it is left; ?projector in an address begins with it.
"use strict";

(() => {
  const ON = "console-projector";
  const root = document.documentElement;
  let at = 0;
  let bar = null;

  const isOn = () => root.hasAttribute("data-projector");
  const shown = (element) => !element.closest(".hidden, [hidden]");
  const slides = () => {
    const own = [...document.querySelectorAll("[data-slide]")].filter(shown);
    return own.length ? own : [...document.querySelectorAll(".nicegui-content .card")].filter(shown);
  };

  function made(tag, className, text) {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  }

  function button(text, name, act) {
    const element = made("button", "button small", text);
    element.type = "button";
    element.setAttribute("aria-label", name);
    element.addEventListener("click", act);
    return element;
  }

  function draw() {
    const all = slides();
    at = Math.max(0, Math.min(at, all.length - 1));
    for (const old of document.querySelectorAll("[data-now]")) {
      if (old !== all[at]) old.removeAttribute("data-now");
    }
    if (all[at] && !all[at].hasAttribute("data-now")) {
      all[at].setAttribute("data-now", "");
      window.scrollTo(0, 0);
    }
    const place = `${all.length ? at + 1 : 0} of ${all.length}`;
    if (bar.firstElementChild.textContent !== place) bar.firstElementChild.textContent = place;
  }

  function go(by) {
    at += by;
    draw();
  }

  function begin() {
    sessionStorage.setItem(ON, "1");
    root.setAttribute("data-projector", "");
    bar = made("section", "projector-bar", "");
    bar.setAttribute("aria-label", "Projector mode");
    const place = made("span", "", "");
    place.setAttribute("role", "status");
    bar.append(
      place,
      button("←", "The thing before", () => go(-1)),
      button("→", "The next thing", () => go(1)),
      button("Leave (Esc)", "Leave the projector mode", leave),
    );
    document.body.append(bar);
    draw();
  }

  function leave() {
    sessionStorage.removeItem(ON);
    const address = new URL(location.href);
    address.searchParams.delete("projector");
    history.replaceState(history.state, "", address);
    root.removeAttribute("data-projector");
    document.querySelector("[data-now]")?.removeAttribute("data-now");
    bar.remove();
    document.querySelector("[data-projector-toggle]")?.focus({ preventScroll: true });
  }

  const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };

  document.addEventListener("keydown", (event) => {
    if (!isOn() || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.matches?.("input, textarea, select")) return;
    if (event.key === "Escape") leave();
    else if (event.key in STEPS) go(STEPS[event.key]);
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-projector-toggle]")) return;
    if (isOn()) leave();
    else begin();
  });
  document.addEventListener("DOMContentLoaded", () => {
    const asked = new URLSearchParams(location.search).has("projector");
    if (asked || sessionStorage.getItem(ON)) begin();
    // What the page draws later is a slide, too, and what it draws anew is one again.
    new MutationObserver(() => isOn() && draw()).observe(document.body, {
      subtree: true, childList: true, attributes: true, attributeFilter: ["class"],
    });
  });
})();
