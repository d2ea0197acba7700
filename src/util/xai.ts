/**
 * `https://api.x.ai` and its regional hosts, of an address as the settings leave it. What is xAI's alone (its key, its
 * headers, its prices) goes by this: so another scheme, port or a longer name is another host.
 */
export function isXai(url: string): boolean {
  return /^https:\/\/([a-z0-9-]+\.)?api\.x\.ai(\/|$)/.test(url);
}
