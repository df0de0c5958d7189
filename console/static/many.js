// The page Many images: takes files and folders, and sends them to the console a few at a time.
"use strict";

(() => {
  const AT_ONCE = 4;
  const COMPUTERS_OWN = /^(\.|thumbs\.db$|desktop\.ini$)/i;
  const files = new Map(); // by number, for as long as the page is open
  const queue = [];
  let working = 0;

  const group = () => document.querySelector("[data-batch]").dataset.batch;

  const post = (path, body, type) =>
    fetch(`/batches/${group()}/${path}`, {
      method: "POST",
      body,
      headers: type ? { "Content-Type": type } : {},
    });

  function pump() {
    while (working < AT_ONCE && queue.length) {
      working += 1;
      queue.shift()().finally(() => {
        working -= 1;
        pump();
      });
    }
  }

  async function send(number) {
    try {
      await post(`files/${number}`, files.get(number), "application/octet-stream");
    } catch {
      // The file is gone, or the console: if that is there, it tells it.
      await post(`files/${number}/lost`).catch(() => {});
    }
  }

  async function take(found) {
    const wanted = found.filter(({ name }) => !COMPUTERS_OWN.test(name.split("/").at(-1)));
    if (!found.length) return;
    const told = {
      files: wanted.map(({ name, file }) => ({ name, size: file.size })),
      hidden: found.length - wanted.length,
    };
    const answer = await post("files", JSON.stringify(told), "application/json");
    const { numbers } = await answer.json();
    numbers.forEach((number, place) => {
      if (!number) return;
      files.set(number, wanted[place].file);
      queue.push(() => send(number));
    });
    pump();
  }

  async function again() {
    const answer = await fetch(`/batches/${group()}/failed`);
    const { failed } = await answer.json();
    for (const { number, stored } of failed) {
      if (stored) queue.push(() => post(`files/${number}/again`).catch(() => {}));
      else if (files.has(number)) queue.push(() => send(number));
    }
    pump();
  }

  const fileOf = (entry) => new Promise((yes, no) => entry.file(yes, no));
  const someOf = (reader) => new Promise((yes, no) => reader.readEntries(yes, no));

  async function walk(entry, into) {
    if (entry.isFile) {
      into.push({ name: entry.fullPath.replace(/^\//, ""), file: await fileOf(entry) });
      return;
    }
    const reader = entry.createReader();
    // A folder is told in parts; an empty one ends it.
    for (let some = await someOf(reader); some.length; some = await someOf(reader)) {
      for (const one of some) await walk(one, into);
    }
  }

  async function dropped(items) {
    // Both are open to the drop itself alone, and to nothing later.
    const entries = items.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
    const found = [];
    for (const entry of entries.filter(Boolean)) {
      if (entry instanceof File) found.push({ name: entry.name, file: entry });
      else await walk(entry, found);
    }
    await take(found);
  }

  const zone = (event) => event.target.closest?.("[data-drop]");

  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      if (!zone(event)) return;
      event.preventDefault();
      zone(event).classList.add("over");
    });
  }
  document.addEventListener("dragleave", (event) => zone(event)?.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    if (!zone(event)) return;
    event.preventDefault();
    zone(event).classList.remove("over");
    dropped([...event.dataTransfer.items].filter((item) => item.kind === "file"));
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-many]")) return;
    const found = [...event.target.files].map((file) => ({
      name: file.webkitRelativePath || file.name,
      file,
    }));
    event.target.value = ""; // the same can be chosen again
    take(found);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-again]")) again();
  });
})();
