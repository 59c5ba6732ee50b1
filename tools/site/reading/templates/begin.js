// Before anything is seen: the theme that was chosen, and that there is a script.
document.documentElement.classList.add('js');
try {
  const chosen = localStorage.getItem('rnnlib-theme');
  if (chosen) document.documentElement.dataset.theme = chosen;
} catch (refused) { /* no storage here: the system's theme */ }
