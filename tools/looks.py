"""What a browser tells of how a page looks: text too pale, parts that stick out."""

from __future__ import annotations

from playwright.sync_api import Page

LEAST_CONTRAST = 4.5
PALE = """([parts, least]) => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const mixed = ([r, g, b, a = 1], under) =>
    [r, g, b].map((value, n) => a * value + (1 - a) * under[n]);
  const paper = part => {
    if (!part) return [255, 255, 255];
    const own = numbers(getComputedStyle(part).backgroundColor);
    return mixed(own, paper(part.parentElement));
  };
  const faint = part =>
    part ? getComputedStyle(part).opacity * faint(part.parentElement) : 1;
  const bright = colour => colour.map(value => value / 255)
    .map(s => s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4)
    .reduce((sum, s, n) => sum + s * [0.2126, 0.7152, 0.0722][n], 0);
  const found = new Set();
  for (const whole of document.querySelectorAll(parts)) {
    const texts = document.createTreeWalker(whole, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const part = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim()) continue;
      if (!part.checkVisibility({visibilityProperty: true})) continue;
      const under = paper(part);
      const [r, g, b, a = 1] = numbers(getComputedStyle(part).color);
      const ink = mixed([r, g, b, a * faint(part)], under);
      const [dark, light] = [bright(ink), bright(under)].sort((x, y) => x - y);
      const contrast = (light + 0.05) / (dark + 0.05);
      if (contrast < least)
        found.add(`${contrast.toFixed(2)} ${part.outerHTML.slice(0, 80)}`);
    }
  }
  return [...found];
}"""
UNNAMED = """parts => [...document.querySelectorAll(parts)]
  .flatMap(whole => [...whole.querySelectorAll('img')])
  .filter(image => !(image.alt || image.title || image.getAttribute('aria-label')))
  .map(image => image.outerHTML.slice(0, 80))"""
UNREACHED = """parts => [...document.querySelectorAll(parts)]
  .flatMap(whole => [...whole.querySelectorAll(
    '.noUi-handle, select, input, button, textarea')])
  .filter(control => control.checkVisibility() && !control.disabled)
  .filter(control => { control.focus(); return control !== document.activeElement
    || control.tabIndex < 0; })
  .map(control => control.outerHTML.slice(0, 80))"""


def pale(page: Page, parts: str, least: float = LEAST_CONTRAST) -> list[str]:
    """Return what is written with too little contrast in some parts of a page."""
    return list(page.evaluate(PALE, [parts, least]))


def unnamed(page: Page, parts: str) -> list[str]:
    """Return the pictures that say nothing to those who cannot see them."""
    return list(page.evaluate(UNNAMED, parts))


def unreached(page: Page, parts: str) -> list[str]:
    """Return the controls that the Tab key does not reach."""
    return list(page.evaluate(UNREACHED, parts))
