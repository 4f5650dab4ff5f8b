// Who of those that claim to lead a set does, by the rule of the Server Discovery and Monitoring specification. After an
// election the one before claims it still, until it hears of the other; whoever first answers may be either. Pure.

import type { MemberWord } from './member-client.ts'

export type Claim = Pick<MemberWord, 'type' | 'setVersion' | 'electionId' | 'maxWireVersion'>

/** MongoDB 6.0: from here on an election counts before a change of the configuration. */
const electionFirst = 17

/** Of two that cannot be told apart, the first; undefined: nobody claims it. */
export const newestPrimary = <Told extends Claim>(words: Iterable<Told>): Told | undefined =>
  [...words]
    .filter(({ type }) => type === 'primary')
    .reduce<Told | undefined>(
      (newest, claim) => (newest === undefined || isNewer(claim, newest) ? claim : newest),
      undefined,
    )

/** Of a set that is being upgraded the newer member decides by which rule, so that it does not depend on who is asked first. */
const isNewer = (one: Claim, other: Claim): boolean => {
  if (Math.max(one.maxWireVersion, other.maxWireVersion) >= electionFirst)
    return (order(one.electionId, other.electionId) || order(one.setVersion, other.setVersion)) > 0
  const told = [one.electionId, one.setVersion, other.electionId, other.setVersion]
  if (told.includes(null)) return false
  return (order(one.setVersion, other.setVersion) || order(one.electionId, other.electionId)) > 0
}

/** What is not told is less than whatever is. */
const order = <Value extends string | number>(one: Value | null, other: Value | null): number => {
  if (one === other) return 0
  if (one === null || other === null) return one === null ? -1 : 1
  return one < other ? -1 : 1
}
