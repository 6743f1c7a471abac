// One step towards the whole page: opens what is folded, presses "load more", scrolls one window on.
// Says what it did and how much text there is.
([morePattern]) => {
  const more = new RegExp(morePattern, 'i');
  const done = window[Symbol.for('browseagent.pressed')] || new WeakMap();
  Object.defineProperty(window, Symbol.for('browseagent.pressed'), { value: done, configurable: true });
  for (const element of document.querySelectorAll('details:not([open])')) element.open = true;
  const body = document.body;
  const state = () => ({ pressed, bottom: innerHeight + scrollY >= document.documentElement.scrollHeight - 4,
    lazy: window[Symbol.for('browseagent.lazy')] ? window[Symbol.for('browseagent.lazy')]() : false,
    chars: body ? (body.innerText || '').length : 0 });
  let pressed = 0;
  if (!body) return state();
  for (const button of document.querySelectorAll('button, [role="button"], a[href^="#"], a:not([href]), a[href^="javascript:"], input[type="button"]')) {
    const label = (button.innerText || button.value || '').trim();
    if (pressed >= 3 || label.length > 60 || !more.test(label) || button.disabled || button.closest('form, nav, header, footer, [aria-haspopup]')) continue;
    const box = button.getBoundingClientRect();
    const size = (body.innerText || '').length;
    // The same button again only where pressing it brought something.
    if (box.width < 2 || box.height < 2 || (done.has(button) && done.get(button) >= size)) continue;
    done.set(button, size);
    pressed += 1;
    button.click();
  }
  const seen = state();
  // Where nothing waits to come into view, scrolling would only have the page painted again.
  if (seen.lazy || pressed) window.scrollBy(0, innerHeight * 0.9);
  return { ...seen, bottom: seen.bottom || state().bottom };
}
