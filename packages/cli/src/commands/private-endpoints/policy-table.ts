// The policy of an endpoint for people: a line for each rule that forbids something, by the flag that sets it.

import { X509Certificate } from 'node:crypto'
import { at, itemsOf, type Json, shown } from '../../print/json.ts'
import { table } from '../../print/template.ts'

const rules: readonly { readonly flag: string; readonly field: string; readonly told?: (value: Json) => string }[] = [
  { flag: 'allowedCluster', field: 'clusters' },
  { flag: 'minimumTls', field: 'minimumTls' },
  { flag: 'idleTimeout', field: 'idleSeconds' },
  { flag: 'allowedDatabaseUser', field: 'databaseUsers', told: (users) => itemsOf(users).map(userName).join(', ') },
  { flag: 'readOnly', field: 'readOnly' },
  { flag: 'maxSnapshotAge', field: 'maxSnapshotAgeSeconds' },
  { flag: 'clientCaFile', field: 'clientCa', told: (pem) => authorities(shownPem(pem)).join('; ') },
  { flag: 'allowedClient', field: 'clientNames', told: (names) => itemsOf(names).map(shown).join('; ') },
]

const userName = (user: Json): string => `${shown(at(user, 'username'))}@${shown(at(user, 'databaseName'))}`

const shownPem = (pem: Json): string => (typeof pem === 'string' ? pem : '')

/** Each certificate's subject and end; what cannot be read is said to be so. */
const authorities = (pem: string): readonly string[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []).map((block) => {
    try {
      const { subject, validTo } = new X509Certificate(block)
      return shown(`${subject.split('\n').toReversed().join(',')} (until ${validTo})`)
    } catch {
      return 'a certificate that cannot be read'
    }
  })

const limits = [
  { flag: 'connectionLimit', field: 'connections' },
  { flag: 'newConnectionLimit', field: 'newPerSecond' },
] as const

/** Empty where an endpoint has the gateways' own. */
export function limitTable(of: Json): string {
  const set = limits.flatMap(({ flag, field }) => {
    const value = at(of, field)
    return value === undefined || value === null ? [] : [{ flag, value: shown(value) }]
  })
  return set.length === 0 ? '' : `\n${table(columnsOf('LIMIT'), set)}`
}

/** Empty where nothing is forbidden. */
export function policyTable(policy: Json): string {
  const set = rules.flatMap(({ flag, field, told = shown }) => {
    const value = at(policy, field)
    if (value === undefined || value === null || value === false) return []
    return [{ flag, value: Array.isArray(value) && value.length === 0 ? 'nothing is allowed' : told(value) }]
  })
  if (set.length === 0) return ''
  return `\n${table(columnsOf('POLICY'), set)}`
}

const columnsOf = (header: string) => [
  { header, cell: (row: Json) => shown(at(row, 'flag')) },
  { header: 'VALUE', cell: (row: Json) => shown(at(row, 'value')) },
]
