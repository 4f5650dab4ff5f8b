// The version of this package, and how two of them stand to each other: an edge says its own with each report. A test holds
// the number against package.json.

export const version = '0.1.0'

/** What an edge says that is none is refused; one that says nothing is of a release that had no such word yet. */
export const versionPattern = /^\d{1,6}\.\d{1,6}\.\d{1,6}(-[0-9A-Za-z.-]{1,64})?$/

export const versionStandings = ['OLDER', 'SAME', 'NEWER'] as const
export type VersionStanding = (typeof versionStandings)[number]

/**
 * How `one` stands to `other`, both as `versionPattern` has them; null: it was not told, which only an older one does not.
 * A version with a suffix comes before the same one without.
 */
export const versionStanding = (one: string | null, other: string): VersionStanding => {
  if (one === null) return 'OLDER'
  const order = compare(parted(one), parted(other))
  return order === 0 ? 'SAME' : order < 0 ? 'OLDER' : 'NEWER'
}

/** What is greater than every suffix stands where there is none. */
const parted = (text: string): readonly string[] => {
  const [, numbers = '', suffix] = /^([\d.]+)(?:-(.*))?$/.exec(text) ?? []
  return [...numbers.split('.'), ...(suffix === undefined ? ['~'] : suffix.split('.'))]
}

/** Numbers by size and before words, words by their letters, and what is longer last. */
const compare = (ones: readonly string[], others: readonly string[]): number => {
  for (const [at, one] of ones.entries()) {
    const other = others[at]
    if (other === undefined) return 1
    if (one === other) continue
    const [left, right] = [Number(one), Number(other)]
    if (Number.isNaN(left) !== Number.isNaN(right)) return Number.isNaN(left) ? 1 : -1
    if (Number.isNaN(left)) return one < other ? -1 : 1
    if (left !== right) return left - right
  }
  return ones.length - others.length
}
