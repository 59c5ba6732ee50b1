// Explorers without a kernel: controls and presets choose among stored frames.
const AHEAD = 3;  // frames on each side of the one that is seen, loaded in advance

function follow(explorer) {
  const find = selector => [...explorer.querySelectorAll(selector)];
  const store = document.getElementById(`frames-${explorer.id}`);
  const {folder, opens, stops, frames, presets} = JSON.parse(store.textContent);
  const controls = find('.move input, .move select');
  const buttons = find('.presets button:not(.reset)');
  const [image] = find('img'), [verdict] = find('.verdict'), [set] = find('.set');
  const pictures = new Map();
  let wanted = null;

  const picture = place => {
    const name = frames[place][0];
    if (!pictures.has(name)) {
      const made = new Image();
      made.src = folder + name;
      pictures.set(name, made);
    }
    return pictures.get(name);
  };

  const now = () => controls.map(control => Number(control.value));
  const placeOf = at => at.reduce((sum, stop, n) => sum * stops[n].length + stop, 0);

  const loadAround = () => {
    const at = now();
    at.forEach((stop, n) => {
      for (let step = 1; step <= AHEAD; step += 1) {
        for (const other of [stop - step, stop + step]) {
          if (other < 0 || other >= stops[n].length) continue;
          picture(placeOf(at.map((old, m) => m === n ? other : old)));
        }
      }
    });
  };

  const show = (place, pressed) => {
    wanted = place;
    const [name, alt, words, values] = frames[place];
    const made = picture(place);
    const put = () => {
      if (wanted !== place) return;
      image.src = folder + name;
      image.alt = alt;
      verdict.textContent = words;
      set.textContent = values;
    };
    if (made.complete) put();
    else made.decode().then(put, put);
    controls.forEach((control, n) => {
      if (!control.matches('input')) return;
      const value = stops[n][control.value];
      control.setAttribute('aria-valuetext', value);
      control.nextElementSibling.textContent = value;
    });
    buttons.forEach(button => button.setAttribute('aria-pressed', button === pressed));
    loadAround();
  };

  const move = (at, place, pressed) => {
    controls.forEach((control, n) => { control.value = at[n]; });
    show(place, pressed);
  };

  for (const control of controls) control.oninput = () => show(placeOf(now()));
  buttons.forEach((button, n) => {
    button.onclick = () => move(presets[n].at, presets[n].frame, button);
  });
  find('.reset')[0].onclick = () => move(opens, placeOf(opens));

  const all = () => frames.forEach((_, place) => picture(place));
  for (const kind of ['pointerdown', 'focusin'])
    find('.desk')[0].addEventListener(kind, all, {once: true});
  const seen = new IntersectionObserver(entries => {
    if (!entries.some(entry => entry.isIntersecting)) return;
    seen.disconnect();
    loadAround();
    for (const {frame} of presets) picture(frame);
  }, {rootMargin: '50%'});
  seen.observe(explorer);
}

document.querySelectorAll('.explorer').forEach(follow);
