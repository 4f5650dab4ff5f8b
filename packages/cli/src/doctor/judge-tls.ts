// What TLS of the road's hosts showed. Pure.

import { type Finding, finding, quoted } from '@postern/contract/diagnosis'
import type { Door } from './dial.ts'
import type { GatewayLine } from './gateway-log.ts'
import type { RoadFacts } from './judge-road.ts'

const dayMs = 24 * 60 * 60_000
/** A certificate that ends sooner is told. */
const soonDays = 14

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** What the gateway logged of the connection that was tried there. */
export const lineOf = ({ log }: Pick<RoadFacts, 'log'>, { source }: Door): GatewayLine | undefined =>
  log?.find((line) => line.source === source)

/** TLS did not come about because the gateway let nobody in, and its line says why: nothing is wrong with TLS. */
export const isTurnedAway = (facts: Pick<RoadFacts, 'log'>, door: Door): boolean =>
  door.tls?.code === 'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED' && lineOf(facts, door) !== undefined

export const tls = (facts: RoadFacts): Finding => {
  const { road, doors, homeCaFile, unreadable, now } = facts
  if (!road.tls) return finding('tls', 'NOT_APPLICABLE', 'The string does not ask for TLS.')
  const [missing] = unreadable
  if (missing !== undefined) {
    const { option, file, code } = missing
    return finding('tls', 'FAILED', `${option}=${file} cannot be read (${code}).`, {
      why: 'A driver reads it before it dials anything, and gives up where it cannot.',
      whatToDo: 'Correct the path in the string, or let this user read the file.',
      command: `ls -l ${quoted(file)}`,
    })
  }
  const broken = doors.find((door) => door.tls !== null && door.tls.code !== null && !isTurnedAway(facts, door))
  const code = broken?.tls?.code
  if (broken === undefined || code === null || code === undefined) return lasting(doors, now)
  const failed = (found: string, why: string, whatToDo: string, command: string | null = null): Finding =>
    finding('tls', 'FAILED', `${broken.hostPort}: ${found} (${code}).`, { why, whatToDo, command })
  if (untrusted.has(code)) {
    const file = road.caFile === null && homeCaFile !== undefined ? homeCaFile : null
    return failed(
      'its certificate is signed by an authority that is not trusted here',
      'A driver trusts the authorities of the system, or those that tlsCAFile names.',
      file === null ? 'Name the authority with tlsCAFile in the string.' : `Add tlsCAFile=${file} to the string.`,
      file === null ? null : `openssl x509 -noout -subject -enddate -in ${quoted(file)}`,
    )
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return failed(
      'its certificate is for another name',
      'A driver compares the host of the string with the names in the certificate.',
      "Use the host names of the endpoint's string as they are.",
    )
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return failed(
      'its certificate is out of its time',
      'A driver takes no certificate before or after its time; a wrong clock looks the same.',
      'Renew it, and compare the clocks of both machines.',
    )
  }
  return failed(
    'TLS did not come about',
    'The other side speaks no TLS on this port, or the gateway refused the name that was asked for.',
    'Use the string of the endpoint as it is: it has ssl=true where the endpoint speaks TLS.',
  )
}

function lasting(doors: RoadFacts['doors'], now: number): Finding {
  const ends = doors.flatMap((door) => (door.tls?.validTo ? [door.tls.validTo] : []))
  if (ends.length === 0) return finding('tls', 'NOT_APPLICABLE', 'No host was reached.')
  const days = Math.floor((Math.min(...ends) - now) / dayMs)
  if (days >= soonDays) return finding('tls', 'OK', `Every certificate is trusted and lasts ${days} days.`)
  return finding('tls', 'WARNING', `A certificate ends in ${days} days.`, {
    why: 'After that no driver connects.',
    whatToDo: 'Renew it; those of Postern are renewed by the edge, whose log says why this one was not.',
  })
}
