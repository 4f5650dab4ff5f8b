// The way to the X.509 library. It takes a quarter of a second to load, so only whoever makes a certificate does; and it
// needs `reflect-metadata` before it, which it does not load itself.

/** The library, loaded at the first call. */
export const loadX509 = async () => {
  await import('reflect-metadata')
  return import('@peculiar/x509')
}

/** Every key of ours: what the edges make, and the authority's own. */
export const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** Certificates begin a day early, so that a client whose clock is behind trusts a fresh one. */
export const backdatedMs = 24 * 3_600_000

/** Positive, 127 random bits without a leading zero byte: RFC 5280, 4.1.2.2. `hex`: 32 random digits. */
export const serialNumber = (hex: string): string => `4${hex.slice(1)}`
