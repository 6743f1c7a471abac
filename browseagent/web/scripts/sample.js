// One look at a page while it loads: what does it show, and does it still mean to show more?
() => new Promise((resolve) => {
  const BUSY = '[aria-busy="true"], .skeleton, .shimmer, .spinner, .loading, .is-loading, [class*="skeleton"]';
  const LAYERS = '[id*="cookie" i], [class*="cookie" i], [id*="consent" i], [class*="consent" i], [id*="gdpr" i], [id*="cmp" i],'
    + '[id*="privacy" i], [id^="onetrust"], [id^="didomi"], [id^="sp_message"], [id*="usercentrics" i], [class*="cmp"], dialog, [role*="dialog"], [aria-modal]';
  const WAITING = /^(loading|please wait|one moment|wird geladen|lädt|bitte warten|chargement|cargando|caricamento|carregando|加载中|載入中|正在加载|読み込み中)[\s\w]{0,20}(\.{1,3}|…)?$/i;
  const shown = (element) => element.checkVisibility
    ? element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) : element.offsetParent !== null;
  const huge = document.getElementsByTagName('*').length > 50000;
  const roots = [document];
  const rootOf = window[Symbol.for('browseagent.root')] || ((element) => element.shadowRoot);
  for (let i = 0; i < roots.length && i < 200 && !huge; i++) {
    for (const element of roots[i].querySelectorAll('*')) if (rootOf(element)) roots.push(rootOf(element));
  }
  const look = () => {
    const texts = [document.body ? (huge ? document.body.textContent : document.body.innerText) : ''];
    for (const root of roots.slice(1)) for (const child of root.children) if (!/^(STYLE|SCRIPT)$/.test(child.tagName)) texts.push(child.innerText || '');
    const text = texts.join('\n');
    // Digits are folded: a clock or a countdown that ticks is not a page that loads. Two lengths of
    // digits differ, so a price that comes in where none was still counts as a change.
    const folded = text.replace(/\d/g, '0');
    let hash = 5381;
    for (let i = 0; i < folded.length; i++) hash = ((hash * 33) ^ folded.charCodeAt(i)) | 0;
    let busy = false;
    for (const root of roots) {
      for (const element of root.querySelectorAll(BUSY)) if (shown(element) && element.innerText.length < 200) busy = true;
    }
    const waiting = text.length < 20000 && text.split('\n').some((line) => line.length < 40 && WAITING.test(line.trim()));
    // An empty place in the main part: what a script is yet to fill.
    const EMPTY = ['div', 'section', 'ul', 'ol', 'dl', 'table', 'tbody', 'span', 'p'].map((tag) => `${tag}:empty`).join(',');
    const ADVERT = /(^|[^a-z])(ads?|advert|banner|sponsor|promo|modal|toast|portal|tooltip|captcha|chat|cookie|consent|announcer|spacer|divider|clear(fix)?|icon|line|bar|overlay|backdrop)([^a-z]|$)/i;
    const parts = document.querySelectorAll('main, article, [role="main"]');
    const hollow = !huge && [...(parts.length ? parts : document.body ? [document.body] : [])].some((part) =>
      [...part.querySelectorAll(EMPTY)].some((e) => (e.id || e.className || e.tagName === 'TBODY') && !ADVERT.test(`${e.id} ${e.className}`)
        && !e.closest('header, footer, nav, aside, button, a')));
    const count = window[Symbol.for('browseagent.pending')];
    const active = [...document.scripts].some((s) => !s.type || /javascript|module|ecmascript/.test(s.type));
    resolve({
      state: document.readyState, chars: text.trim().length, digest: hash, busy: busy || waiting, hollow,
      timers: typeof count === 'function' ? count() : 0, layers: document.querySelector(LAYERS) !== null || roots.length > 1,
      folds: document.querySelector('details, button, [role="button"], input[type="button"], a:not([href]), a[href^="#"]') !== null,
      lazy: window[Symbol.for('browseagent.lazy')] ? window[Symbol.for('browseagent.lazy')]() : false, scripted: active || document.querySelector('iframe') !== null,
    });
  };
  // Two turns of the event loop, so that what a finished request set going has been drawn.
  const channel = new MessageChannel();
  let turns = 0;
  channel.port1.onmessage = () => { turns += 1; if (turns < 2) channel.port2.postMessage(0); else { channel.port1.close(); look(); } };
  channel.port2.postMessage(0);
})
