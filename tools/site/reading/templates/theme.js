// The switch between light and dark; what the system has is no choice to remember.
{
  const system = matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement, button = document.querySelector('.theme');
  const isDark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const say = () => { button.textContent = `Switch to ${isDark() ? 'light' : 'dark'}`; };
  button.onclick = () => {
    const chosen = isDark() ? 'light' : 'dark';
    if ((chosen === 'dark') === system.matches) delete root.dataset.theme;
    else root.dataset.theme = chosen;
    try {
      if (root.dataset.theme) localStorage.setItem('rnnlib-theme', chosen);
      else localStorage.removeItem('rnnlib-theme');
    } catch (refused) { /* chosen for this page alone */ }
    say();
  };
  system.addEventListener('change', say);
  say();
}
