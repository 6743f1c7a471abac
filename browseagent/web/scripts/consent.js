// Refuses a consent layer where it has a button for that; else takes the layer out, and only the layer.
// Gives 'refused', 'removed', 'walled' (there is nothing behind it: it is left as it is) or 'none'.
([wordsPattern, refusePattern]) => {
  const words = new RegExp(wordsPattern, 'gi');
  const refuse = new RegExp(refusePattern, 'i');
  const NAMED = '[id*="cookie" i], [class*="cookie" i], [id*="consent" i], [class*="consent" i], [id*="gdpr" i], [class*="gdpr" i], '
    + '[id*="cmp" i], [id*="privacy" i], [id^="onetrust"], [id^="didomi"], [id*="usercentrics" i], [id^="sp_message"], [class*="qc-cmp"], '
    + '[role="dialog"], [role="alertdialog"], [aria-modal="true"], dialog[open]';
  const visible = (element) => { const box = element.getBoundingClientRect(); return box.width > 1 && box.height > 1 && getComputedStyle(element).visibility === 'visible'; };
  const floats = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement || (at.getRootNode().host || null)) {
      if (/fixed|sticky/.test(getComputedStyle(at).position)) return true;
    }
    return element.matches('[role="dialog"], [role="alertdialog"], [aria-modal="true"], dialog[open]')
      || getComputedStyle(element).position === 'absolute' && Number(getComputedStyle(element).zIndex) > 10;
  };
  const textOf = (element) => [element.innerText || '', ...[element, ...element.querySelectorAll('*')]
    .filter((e) => e.shadowRoot).flatMap((e) => [...e.shadowRoot.children].map((c) => c.innerText || ''))].join(' ');
  const deep = (root, selector) => {
    const found = [...root.querySelectorAll(selector)];
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot) found.push(...deep(element.shadowRoot, selector));
    return found;
  };
  const whole = textOf(document.body).length;
  const layers = deep(document, NAMED).filter((element) => {
    if (/^(HTML|BODY|MAIN|ARTICLE|HEADER|NAV|SCRIPT|STYLE)$/.test(element.tagName) || !visible(element) || !floats(element)) return false;
    if (element.querySelector('main, article')) return false;
    const text = textOf(element);
    const frame = element.matches('iframe') || element.querySelector('iframe') !== null;
    return text.length < 6000 && ((text.match(words) || []).length >= 2 || (frame && /sp_message|consent|cmp/i.test(element.outerHTML.slice(0, 2000))));
  }).filter((element, _, all) => !all.some((other) => other !== element && other.contains(element)));
  const unlock = () => {
    for (const element of [document.documentElement, document.body]) {
      const style = getComputedStyle(element);
      if (/hidden|clip/.test(style.overflowY)) element.style.setProperty('overflow', 'auto', 'important');
      if (style.position === 'fixed') element.style.setProperty('position', 'static', 'important');
      element.style.setProperty('pointer-events', 'auto', 'important');
    }
  };
  if (!layers.length) { unlock(); return 'none'; }
  for (const layer of layers) {
    for (const button of deep(layer.shadowRoot || layer, 'button, a, [role="button"], input[type="button"], input[type="submit"]')) {
      const label = (button.innerText || button.value || button.getAttribute('aria-label') || '').trim();
      const leads = button.tagName === 'A' && /^https?:/.test(button.getAttribute('href') || '');
      if (label.length < 80 && refuse.test(label) && visible(button) && !leads) { button.click(); unlock(); return 'refused'; }
    }
  }
  const layered = layers.reduce((sum, layer) => sum + textOf(layer).length, 0);
  if (whole - layered < 120) return 'walled';
  for (const layer of layers) {
    const host = layer.getRootNode().host;
    (host && host.parentElement ? host : layer).remove();
  }
  // The dimmed sheet behind a layer: it covers the window and says nothing.
  for (const element of document.querySelectorAll('body > div, body > aside')) {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (style.position === 'fixed' && box.width >= innerWidth && box.height >= innerHeight && !(element.innerText || '').trim()) element.remove();
  }
  unlock();
  return 'removed';
}
