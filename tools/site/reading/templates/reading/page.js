// What is wider than the page can be scrolled with the keys, too.
for (const part of document.querySelectorAll('pre, .wide, .formula, .long')) {
  if (part.scrollWidth > part.clientWidth + 1) part.tabIndex = 0;
}
const contents = document.querySelector('.contents details');
if (contents) contents.open = matchMedia('(min-width: 72rem)').matches;
