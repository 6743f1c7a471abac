// The document as it stands, as HTML. Shadow roots and same-origin frames are written in place;
// what the browser does not show is marked with the reason. Executable code and styles are left out.
([limitNodes, limitChars]) => {
  const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
  const SKIP = new Set(['STYLE', 'NOSCRIPT', 'TEMPLATE']);
  const REVEALS = /(^|[\s_-])(tab|tabs|tabpanel|tab-?pane|accordion|collaps\w*|panel|details|faq|toggle\w*|expand\w*|answer|spoiler|dropdown|read-?more|more)($|[\s_-]|\d)/i;
  const ZERO = /^[\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]*$/;
  const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\u00a0/g, '&nbsp;');
  const quote = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
  // Past this many elements styles are not looked at and text is not laid out: each would take minutes.
  const huge = document.getElementsByTagName('*').length > 50000;
  const shown = (element) => {
    if (!huge) return element.innerText || '';
    const found = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (!/^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE)$/.test(walker.currentNode.parentNode.nodeName)) found.push(walker.currentNode.data);
    }
    return found.join('');
  };
  const parts = [];
  let nodes = 0, chars = 0, cut = false;
  const put = (text) => { chars += text.length; if (chars > limitChars) cut = true; else parts.push(text); };

  const controlled = new Set();
  for (const element of document.querySelectorAll('[aria-controls], [data-target], [data-bs-target], [data-tab], a[href^="#"]')) {
    for (const name of ['aria-controls', 'data-target', 'data-bs-target', 'data-tab', 'href']) {
      const value = element.getAttribute(name);
      if (value) for (const id of value.split(/\s+/)) controlled.add(id.replace(/^#/, ''));
    }
  }
  const revealable = (element) => controlled.has(element.id) && element.id !== ''
    || element.getAttribute('role') === 'tabpanel' || element.getAttribute('hidden') === 'until-found'
    || element.hasAttribute('aria-labelledby') && element.getAttribute('role') === 'region'
    || REVEALS.test(element.className && element.className.baseVal === undefined ? element.className : '')
    || element.previousElementSibling && (element.previousElementSibling.hasAttribute('aria-expanded')
      || element.previousElementSibling.tagName === 'BUTTON'
      || element.previousElementSibling.querySelector && element.previousElementSibling.querySelector('[aria-expanded]') !== null);

  const colour = (text) => {
    const found = /rgba?\(([\d.]+),\s*([\d.]+),\s*([\d.]+)(?:,\s*([\d.]+))?\)/.exec(text);
    return found ? [Number(found[1]), Number(found[2]), Number(found[3]), found[4] === undefined ? 1 : Number(found[4])] : null;
  };
  const background = (element) => {
    for (let at = element; at; at = at.parentElement || (at.getRootNode().host || null)) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== 'none') return null; // An image: what is behind the text is not known.
      const found = colour(style.backgroundColor);
      if (found && found[3] > 0.9) return found;
      if (found && found[3] > 0) return null;
    }
    return [255, 255, 255, 1];
  };
  const ownText = (element) => {
    for (const child of element.childNodes) if (child.nodeType === 3 && !ZERO.test(child.data)) return true;
    return false;
  };
  const whyHidden = (element, style) => {
    if (style.display === 'none') return element.closest('details:not([open])') || revealable(element) ? '' : 'display';
    if (style.visibility !== 'visible' && ownText(element)) return revealable(element) ? '' : 'visibility';
    if (element.getAttribute('aria-hidden') === 'true' && element.innerText && element.innerText.trim()) return 'aria';
    if (Number(style.opacity) < 0.05) return 'opacity';
    const clips = (style.overflowX !== 'visible' || style.overflowY !== 'visible') && style.display !== 'inline';
    const own = ownText(element);
    if (!own && !clips) return '';
    const box = element.getBoundingClientRect();
    // A box without height or width that cuts off what is in it; where nothing is laid out, it says nothing.
    if (clips && (box.width <= 1 || box.height <= 1) && element.checkVisibility() && element.textContent.trim()) {
      return revealable(element) || element.parentElement && revealable(element.parentElement) ? '' : 'size';
    }
    if (!own) return '';
    if (parseFloat(style.fontSize) < 2) return 'size';
    if (box.width === 0 && box.height === 0 && style.display !== 'contents' && element.checkVisibility()) return 'size';
    if (/rect\((0|1)px,? (0|1)px,? (0|1)px,? (0|1)px\)|inset\((50|100)%/.test(`${style.clip} ${style.clipPath}`)) return 'clip';
    if (box.width && (box.right + scrollX < -50 || box.bottom + scrollY < -50 || box.left > 10000)) return 'off-screen';
    if (parseFloat(style.textIndent) < -500) return 'off-screen';
    const ink = colour(style.color);
    if (ink && ink[3] < 0.05) return 'colour';
    if (ink) {
      const paper = background(element);
      if (paper && Math.abs(ink[0] - paper[0]) + Math.abs(ink[1] - paper[1]) + Math.abs(ink[2] - paper[2]) < 12) return 'colour';
    }
    return '';
  };

  // What an element shows beside its text: colours, a picture, a size, and words of a style sheet.
  const DRAWS = /(^|[;\s])(background|color|border-color|width|height|left)/i;
  const written = (element) => {
    if (!element.isConnected || element.closest('head') || element instanceof SVGElement) return '';
    const found = ['::before', '::after'].map((at) => /^"(.*)"$/.exec(element.ownerDocument.defaultView.getComputedStyle(element, at).content));
    return found.map((said) => said && /\p{L}/u.test(said[1]) ? said[1] : '').join(' ').trim();
  };

  const rootOf = window[Symbol.for('browseagent.root')] || ((element) => element.shadowRoot);
  const children = (element) => {
    if (rootOf(element)) return [...rootOf(element).childNodes];
    if (element.tagName === 'SLOT') {
      const given = element.assignedNodes({ flatten: true });
      if (given.length) return given;
    }
    return [...element.childNodes];
  };
  let frames = 0;
  const write = (node, hidden, depth) => {
    if (cut) return;
    nodes += 1;
    if (nodes > limitNodes || depth > 1500) { cut = true; return; }
    if (node.nodeType === 3) { put(escape(node.data)); return; }
    if (node.nodeType !== 1 || SKIP.has(node.tagName)) return;
    const tag = node.localName;
    if (tag === 'iframe' || tag === 'frame') { writeFrame(node, hidden, depth); return; }
    if (tag === 'slot') { for (const child of children(node)) write(child, hidden, depth + 1); return; }
    let why = '';
    if (!huge && !hidden && node.isConnected && tag !== 'script' && !node.closest('head') && !(node instanceof SVGElement)) {
      why = whyHidden(node, node.ownerDocument.defaultView.getComputedStyle(node));
    }
    put(`<${tag}`);
    for (const { name, value } of node.attributes) {
      if (name === 'hidden' && why === '' && !hidden) continue; // A click on the page would show it.
      if (name !== 'style' && name !== 'nonce' && !name.startsWith('on') && !/["'<>\/=\s]/.test(name)) put(` ${name}="${quote(value)}"`);
    }
    if (why) put(` data-browseagent-hidden="${why}"`);
    const style = node.getAttribute('style');
    if (style && style.length < 300 && DRAWS.test(style)) put(` data-browseagent-style="${quote(style)}"`);
    const words = why || hidden || huge || node.childElementCount ? '' : written(node);
    if (words) put(` data-browseagent-written="${quote(words)}"`);
    put('>');
    if (VOID.has(tag)) return;
    if (tag === 'script') {
      if (/json/.test(node.type)) put(node.textContent.replace(/<\/script/gi, '<\\/script'));
    } else if (tag === 'textarea') put(escape(node.value));
    else for (const child of children(node)) write(child, hidden || why !== '', depth + 1);
    put(`</${tag}>`);
  };
  const writeFrame = (frame, hidden, depth) => {
    let inner = null;
    try { inner = frame.contentDocument; } catch { inner = null; }
    const style = getComputedStyle(frame);
    const why = !hidden && (style.display === 'none' || style.visibility !== 'visible') ? ' data-browseagent-hidden="display"' : '';
    put(`<div data-browseagent-frame="${quote(frame.src || '')}"${why}>`);
    if (inner && inner.body) for (const child of inner.body.childNodes) write(child, hidden || why !== '', depth + 1);
    else { frame.setAttribute('data-browseagent-number', String(frames)); put(`<!--browseagent-frame-${frames}-->`); frames += 1; }
    put('</div>');
  };
  put('<!DOCTYPE html>');
  if (document.documentElement) write(document.documentElement, false, 0);
  const texts = [document.body ? shown(document.body) : ''];
  const roots = [document];
  for (let i = 0; i < roots.length && i < 500; i++) {
    for (const element of roots[i].querySelectorAll('*')) {
      if (rootOf(element)) { roots.push(rootOf(element)); for (const child of rootOf(element).children) if (!/^(STYLE|SCRIPT)$/.test(child.tagName)) texts.push(shown(child)); }
      if (element.localName === 'iframe') {
        try { if (element.contentDocument && element.contentDocument.body) texts.push(shown(element.contentDocument.body)); } catch { /* another origin */ }
      }
    }
  }
  return { html: parts.join(''), text: texts.filter((t) => t.trim()).join('\n'), cut, frames, url: location.href };
}
