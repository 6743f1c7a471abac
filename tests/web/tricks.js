// Every way out of a browser that we know, towards every forbidden host. HOSTS and PORT are filled in.
const hosts = HOSTS, port = PORT;
const quietly = (work) => { try { const made = work(); if (made && made.catch) made.catch(() => 0); } catch {} };
const add = (tag, attributes) => { const e = document.createElement(tag); Object.assign(e, attributes); document.body.append(e); };
for (const host of hosts) {
  const at = `http://${host}:${port}`;
  quietly(() => fetch(`${at}/fetch`, { mode: 'no-cors' }));
  quietly(() => navigator.sendBeacon(`${at}/beacon`, 'x'));
  quietly(() => { const x = new XMLHttpRequest(); x.open('POST', `${at}/xhr`); x.send('x'); });
  quietly(() => new WebSocket(`ws://${host}:${port}/socket`));
  quietly(() => new EventSource(`${at}/events`));
  quietly(() => add('img', { src: `${at}/image` }));
  quietly(() => add('script', { src: `${at}/script` }));
  quietly(() => add('link', { rel: 'stylesheet', href: `${at}/style` }));
  quietly(() => add('link', { rel: 'prefetch', href: `${at}/prefetch` }));
  quietly(() => add('link', { rel: 'preconnect', href: at }));
  quietly(() => add('link', { rel: 'dns-prefetch', href: at }));
  quietly(() => add('object', { data: `${at}/object` }));
  quietly(() => add('video', { src: `${at}/video` }));
}
for (const host of ['127.0.0.1', '127.0.0.2', 'inside.evil.test', '[::1]', 'localhost']) {
  const at = `http://${host}:${port}`;
  quietly(() => add('iframe', { src: `${at}/frame` }));
  quietly(() => fetch(`/redirect?${at}/fetch-redirect`, { mode: 'no-cors' }));
  quietly(() => add('iframe', { src: `/redirect?${at}/frame-redirect` }));
  quietly(() => add('script', { src: `/redirect?${at}/script-redirect` }));
  quietly(() => add('link', { rel: 'stylesheet', href: `/redirect?${at}/style-redirect` }));
  quietly(() => window.open(`${at}/popup`));
  quietly(() => new WebTransport(`https://${host}:${port}/transport`));
  quietly(() => new Worker(URL.createObjectURL(new Blob([`fetch('${at}/worker', {mode: 'no-cors'})`]))));
  quietly(() => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:${host}:${port}` }, { urls: `turn:${host}:${port}?transport=tcp`, username: 'u', credential: 'c' }] });
    peer.createDataChannel('x');
    return peer.createOffer().then((offer) => peer.setLocalDescription(offer));
  });
}
quietly(() => { const f = document.createElement('form'); f.method = 'post'; f.target = 'frame'; f.action = `http://127.0.0.2:${port}/form`; document.body.append(f); f.submit(); });
setTimeout(() => { document.getElementById('end').textContent = 'all tricks tried'; }, 2500);
