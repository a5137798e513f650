/** A mail through the local mail API, by plain fetch, as an application without a mail library of its own does it. */
export type Letter = { to: string; subject: string; text: string };

/** Rejects where the mail API refuses. Without one it sends nothing. */
export const sendMail = async (mailApiUrl: string, letter: Letter): Promise<void> => {
  if (mailApiUrl === '') return;
  const response = await fetch(new URL('/emails', mailApiUrl), {
    method: 'POST',
    headers: { Authorization: 'Bearer test', 'Content-Type': 'application/json', 'User-Agent': 'better-auth-example' },
    body: JSON.stringify({ from: 'Example <auth@example.com>', ...letter }),
  });
  if (!response.ok) throw new Error(`The mail API answered ${response.status}.`);
};
