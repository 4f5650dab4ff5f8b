// A password that nobody has to think of. Letters and digits alone, so that it stands in a connection string as it is.

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'
const length = 20

/** `random(n)`: n bytes, each as likely as any other. */
export function securePassword(random: (count: number) => Uint8Array): string {
  // Bytes beyond the last whole round of letters would make the first ones likelier.
  const usable = 256 - (256 % letters.length)
  let password = ''
  while (password.length < length)
    for (const byte of random(length)) if (byte < usable) password += letters[byte % letters.length]
  return password.slice(0, length)
}

export const randomBytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count))
