// A limit of an endpoint, as a form has it and in words. Pure.

/** Null: as each gateway is set; undefined: it is no number that could be one. */
export function limitOf(text: string): number | null | undefined {
  const digits = text.trim()
  if (digits === '') return null
  return /^\d{1,9}$/.test(digits) ? Number(digits) : undefined
}

export const textOfLimit = (limit: number | null): string => (limit === null ? '' : String(limit))

/** `gateways`: what each gateway lets in where the endpoint has no limit of its own; none: none was asked. */
export function limitWords(limit: number | null, gateways: readonly number[]): string {
  if (limit !== null) return counted(limit)
  const set = [...new Set(gateways)].map(counted)
  return set.length === 0 ? 'As each gateway is set' : `As each gateway is set: ${set.join(', ')}`
}

const counted = (limit: number): string => (limit === 0 ? 'any number' : limit.toLocaleString('en-US'))

/** What becomes of the endpoint service when this endpoint is the last to go. */
export const lastWords = {
  server: 'As the server is set',
  keep: 'The endpoint service stays',
  go: 'The endpoint service goes with it',
} as const
export type LastWord = keyof typeof lastWords

export const lastWordOf = (keepService: boolean | null): LastWord =>
  keepService === null ? 'server' : keepService ? 'keep' : 'go'

export const keepServiceOf = (word: LastWord): boolean | null => (word === 'server' ? null : word === 'keep')
