// A certificate authority of the test's own, for names and addresses.

import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  BasicConstraintsExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

interface KeyAndCert {
  readonly key: string
  readonly cert: string
}

interface ClientName {
  readonly subject: string
  readonly dnsNames?: readonly string[]
  readonly until?: Date
}

export interface Authority {
  /** PEM. */
  readonly ca: string
  /** A server certificate for these host names and IP addresses. */
  issue(hosts: readonly string[]): Promise<KeyAndCert>
  /** A client's certificate; `until` is when it ends. */
  client(called: ClientName): Promise<KeyAndCert>
  /** Another authority, which this one signed. */
  below(name: string): Promise<Authority>
  /** PEM: a certificate for these hosts and the key of a PKCS #10 request; milliseconds since 1970. */
  sign(csr: string, hosts: readonly string[], between?: { readonly from: number; readonly to: number }): Promise<string>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const validity = { notBefore: new Date('2020-01-01'), notAfter: new Date('2120-01-01') }

export async function createAuthority(): Promise<Authority> {
  const keys = await generate()
  return authorityOf(
    keys,
    await X509CertificateGenerator.createSelfSigned({
      serialNumber: '01',
      name: 'CN=a test authority',
      ...validity,
      keys,
      signingAlgorithm: algorithm,
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    }),
  )
}

function authorityOf(keys: webcrypto.CryptoKeyPair, root: X509Certificate): Authority {
  let serial = 1
  const certify = async (publicKey: webcrypto.CryptoKey, hosts: readonly string[], between = validity) => {
    const names = hosts.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value }))
    const certificate = await X509CertificateGenerator.create({
      serialNumber: `${++serial}`.padStart(2, '0'),
      subject: 'CN=a test server',
      issuer: root.subject,
      ...between,
      publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [new SubjectAlternativeNameExtension(names)],
    })
    return certificate.toString('pem')
  }
  const signed = { ...validity, issuer: root.subject, signingKey: keys.privateKey, signingAlgorithm: algorithm }
  return {
    ca: root.toString('pem'),
    async issue(hosts) {
      const own = await generate()
      return { key: await keyText(own), cert: await certify(own.publicKey, hosts) }
    },
    async client({ subject, dnsNames = [], until = validity.notAfter }) {
      const own = await generate()
      const names = dnsNames.map((value) => ({ type: 'dns' as const, value }))
      const certificate = await X509CertificateGenerator.create({
        ...signed,
        serialNumber: `${++serial}`.padStart(2, '0'),
        subject,
        notAfter: until,
        publicKey: own.publicKey,
        extensions: names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)],
      })
      return { key: await keyText(own), cert: certificate.toString('pem') }
    },
    async below(name) {
      const own = await generate()
      const certificate = await X509CertificateGenerator.create({
        ...signed,
        serialNumber: `${++serial}`.padStart(2, '0'),
        subject: name,
        publicKey: own.publicKey,
        extensions: [new BasicConstraintsExtension(true, undefined, true)],
      })
      return authorityOf(own, certificate)
    },
    async sign(csr, hosts, between) {
      const key = await new Pkcs10CertificateRequest(csr).publicKey.export(algorithm, ['verify'])
      const dates = between && { notBefore: new Date(between.from), notAfter: new Date(between.to) }
      return certify(key, hosts, dates)
    },
  }
}

const generate = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

async function keyText({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey)).toString('base64')
  return `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`
}
