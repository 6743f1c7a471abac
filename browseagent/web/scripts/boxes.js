// How large the page is, and where its texts stand: the visible text of each block, piece by piece, in order.
([tallest, most, longest]) => {
  const html = document.documentElement;
  const rootOf = window[Symbol.for('browseagent.root')] || ((element) => element.shadowRoot);
  const INLINE = /^(inline|contents|ruby|math)/;
  const boxes = [];
  const range = document.createRange();
  let block = null, box = null;

  const blockOf = (node) => {
    let element = node.parentElement || (node.getRootNode() || {}).host || null;
    while (element && element !== html && INLINE.test(getComputedStyle(element).display)) element = element.parentElement;
    return element;
  };
  const take = (node) => {
    if (!node.data.trim() || boxes.length >= most) return;
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((rect) => rect.width >= 1 && rect.height >= 1);
    if (!rects.length || (node.parentElement && getComputedStyle(node.parentElement).visibility !== 'visible')) return;
    const left = Math.min(...rects.map((rect) => rect.left)) + scrollX, right = Math.max(...rects.map((rect) => rect.right)) + scrollX;
    const top = Math.min(...rects.map((rect) => rect.top)) + scrollY, bottom = Math.max(...rects.map((rect) => rect.bottom)) + scrollY;
    if (right <= 0 || bottom <= 0 || top >= tallest) return;
    const own = blockOf(node);
    if (own !== block || !box) {
      block = own;
      box = { text: '', left, top, right, bottom };
      boxes.push(box);
    }
    box.text = (box.text + node.data).slice(0, longest);
    box.left = Math.min(box.left, left); box.top = Math.min(box.top, top);
    box.right = Math.max(box.right, right); box.bottom = Math.max(box.bottom, bottom);
  };
  // A stack, for no page is too deep; children in reverse, so that texts come in their order.
  const waiting = document.body ? [document.body] : [];
  while (waiting.length && boxes.length < most) {
    const node = waiting.pop();
    if (node.nodeType === Node.TEXT_NODE) { take(node); continue; }
    if (node.nodeType !== Node.ELEMENT_NODE || /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE|TEXTAREA)$/i.test(node.tagName)) continue;
    const inner = rootOf(node);
    const slotted = node.tagName === 'SLOT' ? node.assignedNodes() : [];
    const children = inner ? inner.childNodes : slotted.length ? slotted : node.childNodes;
    for (let i = children.length - 1; i >= 0; i--) waiting.push(children[i]);
  }
  const all = document.scrollingElement || html;  // without a doctype it is the body
  return {
    width: Math.max(html.clientWidth, all.scrollWidth), height: Math.max(html.clientHeight, all.scrollHeight),
    boxes: boxes.map((each) => [each.text, each.left, each.top, each.right - each.left, each.bottom - each.top]),
  };
}
