// Open the first lesson where none is named; give a narrow screen to the lesson alone.
const asked = new URL(location);
if (!asked.searchParams.has('path')) {
  asked.searchParams.set('path', 'start_here.ipynb');
  history.replaceState(null, '', asked);
}
const narrow = innerWidth < 768 && setInterval(async () => {
  if (!window.jupyterapp) return;
  clearInterval(narrow);
  await jupyterapp.restored;
  const {shell} = jupyterapp;
  shell.collapseLeft();
  shell.mode = 'single-document';
}, 100);
