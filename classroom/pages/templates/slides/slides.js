// One slide at a time. What does not fit onto a slide goes on on the next one.
const WIDTH = 1366, HEIGHT = 768, FOOT = 50, SMALLEST = 0.3, SNUG = 0.85, LITTLE = 170;
const PARTED = 'UL, OL, TBODY, BLOCKQUOTE';
const all = selector => [...document.querySelectorAll(selector)];

function bottom(part) {
  const slide = part.closest('.slide').getBoundingClientRect();
  return part.getBoundingClientRect().bottom - slide.top;
}

const fits = part => bottom(part) <= HEIGHT - FOOT;

// Move what does not fit out of a box into a copy of it, which is returned.
function cut(box) {
  const rest = box.cloneNode(false), parts = [...box.children];
  rest.removeAttribute('id');
  let first = parts.findIndex(part => !fits(part));
  if (first < 0) return null;
  const over = parts[first].matches('.wide') ? parts[first].firstElementChild : parts[first];
  const inner = over.matches('table') ? over.querySelector('tbody') : over;
  let piece = null;
  if (inner?.matches(PARTED) && inner.children.length > 1
    && fits(inner.children[inner.children.length - 2]) && snug([over])) return cut(box);
  if (inner?.matches(PARTED) && inner.children.length > 1 && fits(inner.children[0])) {
    piece = cut(inner);
    if (piece && over !== inner) {
      const table = over.cloneNode(false);
      if (over.tHead) table.append(over.tHead.cloneNode(true));
      table.append(piece);
      piece = table;
    }
    first += 1;
  }
  const together = (before, after) => before.matches('h1, h2, h3')
    || before.matches('.highlight') && after.matches('.output, figure');
  let begin = first;
  while (!piece && begin > 0 && together(parts[begin - 1], parts[begin])) begin -= 1;
  first = begin || first || 1;  // what is too large by itself stands alone
  if (!piece && first >= parts.length) return null;
  if (!piece && box.matches('UL, OL, TBODY') && first === parts.length - 1) {
    if (first < 3) return null;
    first -= 1;  // no item or row goes on alone
  }
  if (box.matches('ol')) rest.start = box.start + first - (piece ? 1 : 0);
  rest.append(...(piece ? [piece] : []), ...parts.slice(first));
  return rest;
}

function shrink(slide) {
  for (let size = 1; size > SMALLEST; size -= 0.05) {
    if ([...slide.children].every(fits)) return;
    for (const part of slide.children) part.style.zoom = size;
  }
}

// Make parts a little smaller if all of them fit then; say whether they do.
function snug(parts) {
  for (let size = 0.95; size > SNUG - 0.01; size -= 0.05) {
    for (const part of parts) part.style.zoom = size;
    if (parts.every(fits)) return true;
  }
  for (const part of parts) part.style.zoom = '';
  return false;
}

const length = slide => Math.max(0, ...[...slide.children].map(bottom));

// Where a slide holds hardly anything, it and the one before become one, if they fit.
function join(slide) {
  const before = slide.previousElementSibling;
  if (!before || slide.matches('.alone') || before.matches('.alone')) return;
  if (Math.min(length(slide), length(before)) > LITTLE) return;
  if (length(slide) + length(before) > HEIGHT - FOOT) return;
  before.append(...slide.children);
  slide.remove();
}

function narrow(part) {
  const usual = parseFloat(getComputedStyle(part).fontSize);
  for (let size = 0.95; size > SMALLEST && part.scrollWidth > part.clientWidth; size -= 0.05)
    part.style.fontSize = `${size * usual}px`;
}

function share(slide) {
  const parts = [...slide.children];
  const rest = parts.every(fits) || snug(parts) ? null : cut(slide);
  if (!rest) return shrink(slide);
  slide.after(rest);
  shrink(slide);
  share(rest);
}

function show(place) {
  const slides = all('.slide');
  const last = slides.findIndex(slide => slide.matches('.now'));
  now = Math.min(Math.max(place, 0), slides.length - 1);
  slides[last]?.classList.remove('now');
  slides[now].classList.add('now');
  document.getElementById('place').value = `${now + 1} / ${slides.length}`;
  history.replaceState(null, '', `#${now + 1}`);
}

function part(step) {
  const parts = all('.part'), here = all('.slide')[now].closest('.part');
  const other = parts[Math.max(parts.indexOf(here) + step, 0)] ?? here;
  show(all('.slide').indexOf(other.querySelector('.slide')));
}

function scale() {
  const size = Math.min(innerWidth / WIDTH, innerHeight / HEIGHT);
  document.querySelector('.deck').style.transform = `scale(${size})`;
}

function follow() {
  const [, word, number] = /^#(part-)?(\d+)$/.exec(location.hash) ?? [];
  if (!number) return show(0);
  if (!word) return show(number - 1);
  show(all('.slide').indexOf(all('.part')[+number + 1]?.querySelector('.slide')));
}

const KEYS = {
  ArrowRight: () => show(now + 1), ArrowLeft: () => show(now - 1),
  PageDown: () => show(now + 1), PageUp: () => show(now - 1), ' ': () => show(now + 1),
  ArrowDown: () => part(1), ArrowUp: () => part(-1),
  Home: () => show(0), End: () => show(Infinity), c: () => show(1),
  f: () => document.fullscreenElement
    ? document.exitFullscreen() : document.documentElement.requestFullscreen(),
};

let now = 0;
addEventListener('load', () => {
  document.body.classList.add('shown', 'measured');
  all('.slide pre, .slide .formula').forEach(narrow);
  all('.slide').forEach(share);
  all('.slide').forEach(join);
  document.body.classList.remove('measured');
  for (const slide of all('.slide')) {
    const head = document.createElement('div');
    head.className = 'head';
    head.textContent = slide.closest('.part').querySelector('h1, h2')?.textContent ?? '';
    slide.prepend(head);
  }
  scale();
  follow();
  addEventListener('resize', scale);
  addEventListener('hashchange', follow);
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || !KEYS[event.key]) return;
    if (event.key === ' ' && event.target.closest('button, a')) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  document.getElementById('back').onclick = () => show(now - 1);
  document.getElementById('on').onclick = () => show(now + 1);
});
