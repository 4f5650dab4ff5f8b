// What a policy may ask of its clients' certificates is judged when it is set: an authority that signs nothing, or whose
// time is over, would let nobody in, and a gateway that does not speak TLS sees no certificate at all.

import { X509Certificate } from 'node:crypto'
import { type EndpointPolicy, speaksTls } from '@postern/contract/endpoint-policy'
import { AtlasError } from '@postern/contract/errors'

const mostAuthorities = 10
const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g
const dnsName = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/i

/** An attribute of a subject without its name or its value. A comma behind a backslash belongs to the value. */
const isUnfinished = (name: string): boolean =>
  name.split(/(?<!\\)[,+]/).some((attribute) => /^\s*=|^[^=]*=\s*$/.test(attribute))

/** Fields of a policy on which the judgement rests. */
export const aboutCertificates = ['clientCa', 'clientNames', 'minimumTls'] as const
type Asked = Pick<EndpointPolicy, (typeof aboutCertificates)[number]>

/** `form`: null while it is not known; `now`: milliseconds since 1970. Throws INVALID_ATTRIBUTE naming the field. */
export const checkClientCertificates = (
  policy: Asked,
  { form, now }: { readonly form: string | null; readonly now: number },
): void => {
  const { clientCa, clientNames } = policy
  if (clientCa === null) {
    if (clientNames !== null)
      throw wrong('clientNames', 'names are asked of certificates: set clientCa too, or null here')
    return
  }
  const problem = problemOf(clientCa, now)
  if (problem !== null) throw wrong('clientCa', problem)
  const nameless = clientNames?.find((name) => !name.includes('=') && !dnsName.test(name))
  if (nameless !== undefined) {
    const description = `${JSON.stringify(nameless)} is neither a subject (CN=app,O=Shop) nor a DNS name`
    throw wrong('clientNames', description)
  }
  const unfinished = clientNames?.find((name) => name.includes('=') && isUnfinished(name))
  if (unfinished !== undefined) {
    throw wrong(
      'clientNames',
      `${JSON.stringify(unfinished)} has an attribute without a name or a value: no certificate has it`,
    )
  }
  if (speaksTls(form, policy)) return
  const why = form === null ? 'it is not known yet whether the endpoint speaks TLS' : 'the endpoint speaks no TLS'
  throw wrong('clientCa', `${why}, in which alone a client shows a certificate: set minimumTls too`)
}

/** Why these authorities do not do; null where they do. */
const problemOf = (pem: string, now: number): string | null => {
  if (pem.includes('PRIVATE KEY-----')) return 'it holds a private key; only certificates belong here'
  const blocks = pem.match(pemBlock) ?? []
  if (blocks.length === 0) return 'it holds no certificate in PEM'
  if (blocks.length > mostAuthorities) return `it holds ${blocks.length} certificates; ${mostAuthorities} are the most`
  for (const [at, block] of blocks.entries()) {
    const which = blocks.length === 1 ? 'the certificate' : `certificate ${at + 1}`
    const certificate = parsed(block)
    if (certificate === null) return `${which} cannot be read`
    if (!certificate.ca) return `${which} is not one of a certificate authority (basicConstraints CA)`
    if (Date.parse(certificate.validTo) <= now) return `${which} expired on ${certificate.validTo}`
  }
  return null
}

const parsed = (block: string): X509Certificate | null => {
  try {
    return new X509Certificate(block)
  } catch {
    return null
  }
}

const wrong = (field: 'clientCa' | 'clientNames', description: string): AtlasError =>
  new AtlasError(
    'INVALID_ATTRIBUTE',
    { attribute: `policy.${field}` },
    { fields: [{ field: `policy.${field}`, description }] },
  )
