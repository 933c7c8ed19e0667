/** Seconds after which the list looks for new e-mails. */
const everySeconds = 5;

/** The script of the list: puts new e-mails into it, and leaves the keyboard's focus where it is. */
export const refresh = `
setInterval(async () => {
  const answer = await fetch(location.href).catch(() => undefined);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const [shown, fresh] = [document, page].map((where) => where.querySelector('main'));
  if (shown.innerHTML === fresh.innerHTML) return;
  const focused = document.activeElement?.getAttribute('href');
  document.title = page.title;
  shown.replaceWith(fresh);
  [...fresh.querySelectorAll('a')].find((link) => link.getAttribute('href') === focused)?.focus();
}, ${everySeconds * 1000});
`;
