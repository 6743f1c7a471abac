// Runs in every document before its own scripts. Counts one-shot timers that are yet to fire, and notes
// whether the page watches what is in view, so that it can be asked whether it still means to do
// something, and whether scrolling brings more. Remembers shadow roots, the closed ones too. Nothing else is
// changed.
(() => {
  const SOON = 3000; // A timer further off (a session's end, a slide show) is not part of loading.
  const pending = new Set();
  const { setTimeout: set, clearTimeout: clear, IntersectionObserver: Observer } = window;
  const { addEventListener: listen } = EventTarget.prototype;
  let lazy = false;
  window.setTimeout = function setTimeout(callback, delay, ...rest) {
    if (typeof callback !== 'function' || !(Number(delay || 0) <= SOON)) return set(callback, delay, ...rest);
    const id = set(function (...args) { pending.delete(id); return callback.apply(this, args); }, delay, ...rest);
    pending.add(id);
    return id;
  };
  window.clearTimeout = function clearTimeout(id) { pending.delete(id); return clear(id); };
  if (Observer) {
    const { observe } = Observer.prototype;
    Observer.prototype.observe = function (target) { lazy = true; return observe.call(this, target); };
  }
  EventTarget.prototype.addEventListener = function addEventListener(type, ...rest) {
    if (type === 'scroll') lazy = true;
    return listen.call(this, type, ...rest);
  };
  const closed = new WeakMap();
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function (...given) {
    const root = attachShadow.apply(this, given);
    closed.set(this, root);
    return root;
  };
  // With a root it remembers that; without, it tells the root of an element.
  Object.defineProperty(window, Symbol.for('browseagent.root'), {
    value: (element, root) => (root ? closed.set(element, root) : element.shadowRoot || closed.get(element) || null) });
  Object.defineProperty(window, Symbol.for('browseagent.pending'), { value: () => pending.size });
  Object.defineProperty(window, Symbol.for('browseagent.lazy'), { value: () => lazy || typeof window.onscroll === 'function' });
})();
