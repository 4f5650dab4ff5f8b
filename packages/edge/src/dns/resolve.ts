// From a zone, a name and a type to the records of an answer (RFC 1034, 4.3.2, without delegation and wildcards, which
// our zones do not have). Aliases are followed as long as they stay in the zone.

import type { Answer, BaseAnswer } from 'dns-packet'
import type { Zone } from './zone.ts'

export interface Resolved {
  readonly exists: boolean
  readonly answers: readonly Answer[]
  /** The SOA where something is absent, so that resolvers know for how long (RFC 2308). */
  readonly authorities: readonly Answer[]
  /** Addresses of SRV targets and name servers: a courtesy that may be left out. */
  readonly additionals: readonly Answer[]
}

const longestAliasChain = 8

/** What ANY is answered with for a name that exists (RFC 8482, 4.2): refusing would make resolvers ask again. */
const hinfo = (name: string): Answer => ({ type: 'HINFO', name, ttl: 3600, data: { cpu: 'RFC8482', os: '' } })

/** `spelled` is how the asker wrote `name`; records of that name are given back in his spelling. */
export function resolveIn(
  zone: Zone,
  { name, spelled, type }: { readonly name: string; readonly spelled: string; readonly type: string },
): Resolved {
  const answers: Answer[] = []
  let [current, owner] = [name, spelled]
  for (let hops = 0; hops <= longestAliasChain; hops++) {
    const records = zone.find(current)
    if (records === null) return absent(zone, answers, false)
    if (type === 'ANY') return present(zone, [hinfo(owner)])
    const matching = records.filter((record) => record.type === type)
    const alias = records.find(isAlias)
    const given = matching.length > 0 || !alias ? matching : [alias]
    answers.push(...given.map((record) => ({ ...record, name: owner })))
    if (matching.length > 0) return present(zone, answers)
    if (!alias) return absent(zone, answers, true)
    if (!zone.covers(alias.data)) return present(zone, answers)
    ;[current, owner] = [alias.data, alias.data]
  }
  return present(zone, answers)
}

type Alias = Extract<Answer, BaseAnswer<unknown, string>>
const isAlias = (record: Answer): record is Alias => record.type === 'CNAME'

const absent = (zone: Zone, answers: readonly Answer[], exists: boolean): Resolved => ({
  exists,
  answers,
  authorities: [zone.soa],
  additionals: [],
})

function present(zone: Zone, answers: readonly Answer[]): Resolved {
  const targets = answers.flatMap((answer) =>
    answer.type === 'SRV' ? [answer.data.target] : answer.type === 'NS' ? [answer.data] : [],
  )
  const additionals = [...new Set(targets)]
    .flatMap((target) => zone.find(target) ?? [])
    .filter(({ type }) => type === 'A' || type === 'AAAA')
  return { exists: true, answers, authorities: [], additionals }
}
