(() => {
  const slides = [...document.querySelectorAll('.slide')];
  const wanted = () => Number(location.hash.slice(1)) || 1;
  let now = 0;

  function show(number) {
    now = Math.min(Math.max(number, 1), slides.length);
    slides.forEach((slide, index) => slide.classList.toggle('now', index === now - 1));
    if (wanted() !== now || !location.hash) history.replaceState(null, '', `#${now}`);
    if (document.body.classList.contains('one')) scrollTo(0, 0);
    else slides[now - 1].scrollIntoView();
  }

  const acts = {
    ArrowRight: () => show(now + 1), PageDown: () => show(now + 1), ' ': () => show(now + 1),
    ArrowLeft: () => show(now - 1), PageUp: () => show(now - 1),
    Home: () => show(1), End: () => show(slides.length),
    n: () => document.body.classList.toggle('quiet'),
    a: () => { document.body.classList.toggle('one'); show(now); },
    p: () => print(),
  };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = acts[event.key] ?? acts[event.key.toLowerCase()];
    if (act) { event.preventDefault(); act(); }
  });
  addEventListener('hashchange', () => show(wanted()));
  document.body.classList.add('one', 'quiet');
  show(wanted());
})();
