// What all of our certificates have in common.

/** Every key: what the edges make, and the authority's own. */
export const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** Certificates begin a day early, so that a client whose clock is behind trusts a fresh one. */
export const backdatedMs = 24 * 3_600_000

/** Positive, without a leading zero byte: RFC 5280, 4.1.2.2. `random`: random hex digits, an even number, at most 40. */
export const serialNumber = (random: string): string => `4${random.slice(1)}`
