// What the members say, put together to one picture of the deployment. Pure. A set's primary is believed about who
// belongs to it; without one, any member's list will do to name them, but not to drop one (hasPrimary is false). Who is
// hidden or lags behind is the configuration's to say; where nobody may read that, the member's own.

import type { Seen, SeenMember } from './engine.ts'
import type { MemberWord } from './member-client.ts'
import { newestPrimary } from './newest-primary.ts'
import type { ConfigMember, SetConfig } from './set-config.ts'

export interface Words {
  /** By the address that was dialled. */
  readonly words: ReadonlyMap<string, MemberWord>
  /** `8.0.4`; null until a member told it. */
  readonly version: string | null
  readonly config: SetConfig
}

/** The picture, or `unreachable` with every member's own reason. */
export const assemble = ({ words, version, config }: Words): Seen => {
  const all = [...words.values()]
  const authority = newestPrimary(all) ?? all.find(({ setName, hosts }) => setName !== null && hosts.length > 0)
  if (authority?.setName) {
    const apart = membersApart(config, words)
    return {
      kind: 'replicaSet',
      setName: authority.setName,
      hasPrimary: authority.type === 'primary',
      version,
      members: [...new Set([...listed(authority), ...hiddenOf(apart)])].map((hostPort) => ({
        ...seen(hostPort, authority, words),
        ...roleOf(apart.find((member) => member.hostPort === hostPort)),
      })),
      hidden: config.unknown,
    }
  }
  if (all.some(({ type }) => type === 'mongos')) {
    return {
      kind: 'routers',
      version,
      members: [...words].map(([hostPort, { type }]) => ({ hostPort, role: type === 'mongos' ? 'mongos' : 'unknown' })),
    }
  }
  if (all.some(({ type }) => type === 'standalone')) return { kind: 'standalone', version }
  return { kind: 'unreachable', reason: reasons(words) }
}

/** Every member that a hello lists, in its order. */
export const listed = ({ hosts, passives, arbiters }: MemberWord): readonly string[] => [
  ...new Set([...hosts, ...passives, ...arbiters]),
]

/** Members of a set that no hello of another lists. */
export const unlisted = (config: SetConfig, words: Words['words']): readonly string[] =>
  hiddenOf(membersApart(config, words))

const hiddenOf = (members: readonly ConfigMember[]): readonly string[] =>
  members.flatMap(({ hostPort, role }) => (role === 'hidden' ? [hostPort] : []))

/** Where the configuration is not known as it is now, what members say of themselves comes first. */
const membersApart = ({ members, unknown }: SetConfig, words: Words['words']): readonly ConfigMember[] => {
  if (unknown === null) return members
  const own = [...words].flatMap(([hostPort, { setName, me, apart }]) =>
    setName === null || apart === null ? [] : [{ hostPort: me ?? hostPort, role: apart }],
  )
  return [...own, ...members]
}

const roleOf = (configured: ConfigMember | undefined): Partial<Pick<SeenMember, 'role'>> =>
  configured === undefined || configured.role === null ? {} : { role: configured.role }

const seen = (hostPort: string, authority: MemberWord, words: Words['words']): SeenMember => {
  const word = words.get(hostPort) ?? [...words.values()].find(({ me }) => me === hostPort)
  switch (word?.type) {
    case 'primary':
      // Two may claim it for a moment after an election; who is believed is the newest.
      return { hostPort, role: word === authority || authority.type !== 'primary' ? 'primary' : 'secondary' }
    case 'secondary':
      return { hostPort, role: authority.passives.includes(hostPort) ? 'passive' : 'secondary' }
    case 'arbiter':
      return { hostPort, role: 'arbiter' }
    default:
      return { hostPort, role: authority.arbiters.includes(hostPort) ? 'arbiter' : 'unknown' }
  }
}

const reasons = (words: Words['words']): string => {
  if (words.size === 0) return 'no member is known'
  return [...words].map(([hostPort, { error, type }]) => `${hostPort}: ${error ?? `answers as ${type}`}`).join('; ')
}
