// Runs in every document before its own scripts. Counts one-shot timers that are yet to fire, so that
// the page can be asked whether it still means to do something. Nothing else is changed.
(() => {
  const SOON = 3000; // A timer further off (a session's end, a slide show) is not part of loading.
  const pending = new Set();
  const { setTimeout: set, clearTimeout: clear } = window;
  window.setTimeout = function setTimeout(callback, delay, ...rest) {
    if (typeof callback !== 'function' || !(Number(delay || 0) <= SOON)) return set(callback, delay, ...rest);
    const id = set(function (...args) { pending.delete(id); return callback.apply(this, args); }, delay, ...rest);
    pending.add(id);
    return id;
  };
  window.clearTimeout = function clearTimeout(id) { pending.delete(id); return clear(id); };
  Object.defineProperty(window, Symbol.for('browseagent.pending'), { value: () => pending.size });
})();
