// What the eye would meet in this page as it stands: text that is cut, covered or out of its box,
// what leaves the window, labels of drawings that lie on something. Each fault is a sentence.
() => {
  const SLACK = 1.5;
  const faults = new Set();
  const shown = (element) => element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
  const style = (element) => getComputedStyle(element);
  const unseen = (element) => {
    for (let one = element; one; one = one.parentElement)
      if (style(one).clipPath === 'inset(50%)') return true;  // for screen readers alone
    return false;
  };
  const name = (element) => {
    const kind = element.tagName.toLowerCase();
    const classes = [...element.classList].join('.');
    const text = element.textContent.trim().replace(/\s+/g, ' ').slice(0, 40);
    return `<${kind}${classes && '.' + classes}> '${text}'`;
  };
  const meet = (a, b) => ({
    left: Math.max(a.left, b.left), right: Math.min(a.right, b.right),
    top: Math.max(a.top, b.top), bottom: Math.min(a.bottom, b.bottom)});
  const empty = (r) => r.right - r.left <= SLACK || r.bottom - r.top <= SLACK;

  // Every piece of text, as far as scrolling boxes show it.
  const pieces = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, owner = node.parentElement;
    if (!node.data.trim() || !shown(owner) || owner.closest('svg, option, script, style')) continue;
    if (unseen(owner)) continue;
    // Word by word: a blank may hang over the end of a line.
    const words = [...node.data.matchAll(/\S+/g)].flatMap((word) => {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      return [...range.getClientRects()];
    });
    for (const rect of words) {
      if (rect.width < 1 || rect.height < 1) continue;
      let seen = rect, hidden = false;
      for (let box = owner; box && box !== document.body; box = box.parentElement) {
        const css = style(box), around = box.getBoundingClientRect();
        const scrolls = /auto|scroll/.test(css.overflowX + css.overflowY);
        const cuts = /hidden|clip/.test(css.overflowX + css.overflowY);
        const inline = css.display.startsWith('inline') && css.display !== 'inline-block';
        if (scrolls) {
          seen = meet(seen, around);
          if (empty(seen)) { hidden = true; break; }
        } else if (cuts) {
          const meant = css.textOverflow === 'ellipsis' && (box.title || box.ariaLabel);
          const out = seen.right > around.right + SLACK || seen.left < around.left - SLACK
            || seen.bottom > around.bottom + 4 || seen.top < around.top - 4;
          if (out && !meant) faults.add(`cut: ${name(owner)} by ${name(box)}`);
          seen = meet(seen, around);
        } else if (!inline && css.display !== 'contents' && css.position !== 'absolute'
            && (seen.right > around.right + SLACK || seen.left < around.left - SLACK)) {
          faults.add(`out of its box: ${name(owner)} leaves ${name(box)}`);
          break;
        }
        if (css.position === 'fixed') break;
      }
      if (hidden || empty(seen)) continue;
      if (seen.right > innerWidth + SLACK || seen.left < -SLACK)
        faults.add(`out of the window: ${name(owner)}`);
      // A line box is higher than its letters.
      const trim = Math.min(4, (seen.bottom - seen.top) / 5);
      pieces.push({owner, rect: {...meet(seen, seen), top: seen.top + trim, bottom: seen.bottom - trim}});
    }
  }

  pieces.sort((a, b) => a.rect.top - b.rect.top);
  pieces.forEach((one, index) => {
    for (let at = index + 1; at < pieces.length; at++) {
      const other = pieces[at];
      if (other.rect.top >= one.rect.bottom) break;
      if (one.owner !== other.owner && !empty(meet(one.rect, other.rect)))
        faults.add(`overlapped: ${name(one.owner)} and ${name(other.owner)}`);
    }
  });

  for (const box of document.body.querySelectorAll('*')) {
    if (!shown(box) || unseen(box)) continue;
    const css = style(box), around = box.getBoundingClientRect();
    const replaced = /^(INPUT|SELECT|TEXTAREA|IMG|BUTTON|SVG)$/i.test(box.tagName);
    const moves = box.scrollWidth > box.clientWidth + SLACK && /auto|scroll/.test(css.overflowX);
    if (moves && !/^(INPUT|TEXTAREA|SELECT)$/.test(box.tagName)
        && !(box.tabIndex >= 0 && (box.ariaLabel || box.getAttribute('aria-labelledby'))))
      faults.add(`scrolls sideways and does not say so: ${name(box)}`);
    if (replaced && !box.closest('.table-scroll')
        && (around.right > innerWidth + SLACK || around.left < -SLACK))
      faults.add(`out of the window: ${name(box)}`);
    if (box.tagName === 'SELECT' || (box.tagName === 'INPUT' && !['file', 'checkbox'].includes(box.type)))
      if (around.width < 40) faults.add(`too narrow to be read: ${name(box)}`);
  }

  // A question mark belongs to the word before it.
  for (const mark of document.querySelectorAll('.ask')) {
    const word = mark.previousElementSibling;
    if (!word || !shown(mark) || !shown(word)) continue;
    if (mark.getBoundingClientRect().top >= word.getBoundingClientRect().bottom - SLACK)
      faults.add(`parted: ${name(mark)} from ${name(word)}`);
  }

  for (const drawing of document.querySelectorAll('svg')) {
    if (!shown(drawing)) continue;
    const frame = drawing.getBoundingClientRect();
    const texts = [...drawing.querySelectorAll('text')].filter(shown);
    const rect = (one) => one.getBoundingClientRect();
    // A line of text is higher than its letters, and no wider.
    const deep = (r, wider = 0) => ({
      left: r.left - wider, right: r.right + wider, top: r.top + 3, bottom: r.bottom - 3});
    const labels = texts.filter((one) => one.classList.contains('label'));
    for (const text of texts) {
      const at = rect(text);
      if (at.left < frame.left - SLACK || at.right > frame.right + SLACK
          || at.top < frame.top - SLACK || at.bottom > frame.bottom + SLACK)
        faults.add(`out of its drawing: ${name(text)}`);
      const box = text.closest('.state')?.querySelector('.box');
      if (box && !text.classList.contains('label')) {
        const room = rect(box);
        if (at.left < room.left - SLACK || at.right > room.right + SLACK)
          faults.add(`out of its state: ${name(text)}`);
      }
    }
    texts.forEach((one, index) => {
      for (const other of texts.slice(index + 1))
        if (!empty(meet(deep(rect(one)), deep(rect(other)))))
          faults.add(`overlapped: ${name(one)} and ${name(other)}`);
    });
    for (const label of labels) {
      const at = deep(rect(label), 1);
      for (const box of drawing.querySelectorAll('.box:not(.inner)'))
        if (!empty(meet(at, rect(box)))) faults.add(`on a state: ${name(label)}`);
      for (const line of drawing.querySelectorAll('path.line')) {
        const toScreen = line.getScreenCTM(), length = line.getTotalLength();
        for (let gone = 0; gone <= length; gone += 2) {
          const point = line.getPointAtLength(gone).matrixTransform(toScreen);
          if (point.x > at.left && point.x < at.right && point.y > at.top && point.y < at.bottom) {
            faults.add(`on a line: ${name(label)}`);
            break;
          }
        }
      }
    }
  }
  return [...faults];
}
