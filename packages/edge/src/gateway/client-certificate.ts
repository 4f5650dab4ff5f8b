// The certificate that a client showed, where its endpoint's policy asks for one. Two parts: what it is, taken once from a
// finished handshake in which OpenSSL found it good; and whether the newest policy lets it in, pure, so that whoever is
// there is judged again when the authorities change.

import { X509Certificate } from 'node:crypto'
import type { GatewayPolicy } from '@postern/contract/snapshot'

export interface ClientCertificate {
  /** Last part first, letters as they are: `CN=app,O=Shop`. */
  readonly subject: string
  /** Of its subjectAltName, lower case. */
  readonly dnsNames: readonly string[]
  /** SHA-256 fingerprints of the certificates that signed it, one another's, up to the last that is known. */
  readonly signedBy: readonly string[]
}

type Asked = Pick<GatewayPolicy, 'clientCa' | 'clientNames'>

/** Why this certificate, null where none was shown, is not let in; null where it is, or none is asked for. */
export function againstClient(
  { clientCa, clientNames }: Asked,
  certificate: ClientCertificate | null,
): { readonly code: 'NO_CLIENT_CERTIFICATE' | 'CLIENT_CERTIFICATE' | 'CLIENT_NAME'; readonly reason: string } | null {
  if (clientCa === undefined) return null
  if (certificate === null)
    return {
      code: 'NO_CLIENT_CERTIFICATE',
      reason: "the client showed no certificate, and the endpoint's policy asks for one",
    }
  const { subject, dnsNames, signedBy } = certificate
  const authorities = fingerprintsOf(clientCa)
  if (!signedBy.some((signer) => authorities.has(signer)))
    return {
      code: 'CLIENT_CERTIFICATE',
      reason: `no authority of the endpoint's policy signed the certificate of ${subject}`,
    }
  if (!clientNames || clientNames.some((name) => name === subject || dnsNames.includes(name.toLowerCase()))) return null
  return { code: 'CLIENT_NAME', reason: `the endpoint's policy does not name ${subject}${alias(dnsNames)}` }
}

const alias = (dnsNames: readonly string[]): string => (dnsNames.length === 0 ? '' : ` (${dnsNames.join(', ')})`)

/** The last texts: the same one is asked about for every connection, and with each snapshot. */
const read = new Map<string, readonly X509Certificate[]>()
const mostRead = 1_000

/** What cannot be read is no authority. */
function authoritiesIn(pem: string): readonly X509Certificate[] {
  const before = read.get(pem)
  if (before !== undefined) return before
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  const authorities = blocks.flatMap((block) => {
    try {
      return [new X509Certificate(block)]
    } catch {
      return []
    }
  })
  if (read.size >= mostRead) read.clear()
  read.set(pem, authorities)
  return authorities
}

const fingerprintsOf = (pem: string): ReadonlySet<string> =>
  new Set(authoritiesIn(pem).map(({ fingerprint256 }) => fingerprint256))

/** A chain is not followed further. */
const longestChain = 10

/** `leaf`: of a finished handshake, with what was sent beside it; null where none was shown. */
export function shown(leaf: X509Certificate | null, clientCa: string): ClientCertificate | null {
  if (leaf === null) return null
  const candidates = [...authoritiesIn(clientCa), ...sentWith(leaf)]
  const signedBy: string[] = []
  let signed = leaf
  while (signedBy.length < longestChain) {
    const signer = candidates.find((each) => signed.checkIssued(each) && signed.verify(each.publicKey))
    if (signer === undefined || signedBy.includes(signer.fingerprint256)) break
    signedBy.push(signer.fingerprint256)
    signed = signer
  }
  return { subject: subjectOf(leaf), dnsNames: dnsNamesOf(leaf), signedBy }
}

function sentWith(leaf: X509Certificate): readonly X509Certificate[] {
  const sent: X509Certificate[] = []
  for (
    let each = leaf.issuerCertificate;
    each !== undefined && sent.length < longestChain;
    each = each.issuerCertificate
  )
    sent.push(each)
  return sent
}

/** Node has a line for each part, first part first, and escapes within as RFC 2253 does. */
const subjectOf = ({ subject }: X509Certificate): string => (subject ?? '').split('\n').toReversed().join(',')

/** Node puts in quotes what could be taken for another name: such a text is not read at all. */
const dnsNamesOf = ({ subjectAltName: text }: X509Certificate): readonly string[] =>
  text === undefined || text.includes('"')
    ? []
    : text.split(', ').flatMap((each) => (each.startsWith('DNS:') ? [each.slice(4).toLowerCase()] : []))
