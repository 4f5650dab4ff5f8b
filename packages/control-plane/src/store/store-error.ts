// What can go wrong between us and the database, told apart by its own codes: gone for now (503, the caller may come
// again), lost a race (run the transaction again), or a rule that a unique index holds (the handler knows which).

/** The database cannot be reached at the moment. The HTTP engine answers 503 SERVICE_UNAVAILABLE. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'

  constructor(cause: unknown) {
    super('The store cannot be reached', { cause })
  }
}

const codeOf = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined
  return typeof code === 'string' ? code : ''
}

// SQLSTATE classes 08 (connection) and 57P0x (shutdown), 53300 (too many connections), and the socket's own words.
const lostCodes =
  /^(08\w{3}|57P0\d|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT)$/
const lostSentences =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection|PGlite is clos|driver has already been destroyed|calling end on the pool/i

/** True when the database is away, not wrong. */
export const isConnectionLost = (error: unknown): boolean =>
  lostCodes.test(codeOf(error)) || (error instanceof Error && lostSentences.test(error.message))

/** serialization_failure, deadlock_detected: the same transaction may go through when it runs again. */
export const isLostRace = (error: unknown): boolean => codeOf(error) === '40001' || codeOf(error) === '40P01'

/** The name of the unique index or constraint that refused a row, or null when that was not the trouble. */
export const brokenUniqueRule = (error: unknown): string | null => {
  if (codeOf(error) !== '23505') return null
  const { constraint } = error as { constraint?: unknown }
  return typeof constraint === 'string' ? constraint : null
}

/** The name of the foreign key that a write broke, its parent being gone, or null when that was not the trouble. */
export const brokenReference = (error: unknown): string | null => {
  if (codeOf(error) !== '23503') return null
  const { constraint } = error as { constraint?: unknown }
  return typeof constraint === 'string' ? constraint : null
}
