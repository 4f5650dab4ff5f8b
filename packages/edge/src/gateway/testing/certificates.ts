// A certificate authority of the test's own, for names and addresses.

import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  BasicConstraintsExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

interface KeyAndCert {
  readonly key: string
  readonly cert: string
}

export interface Authority {
  /** PEM. */
  readonly ca: string
  /** A server certificate for these host names and IP addresses. */
  issue(hosts: readonly string[]): Promise<KeyAndCert>
  /** PEM: a certificate for these hosts and the key of a PKCS #10 request; milliseconds since 1970. */
  sign(csr: string, hosts: readonly string[], between?: { readonly from: number; readonly to: number }): Promise<string>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const validity = { notBefore: new Date('2020-01-01'), notAfter: new Date('2120-01-01') }

export async function createAuthority(): Promise<Authority> {
  const keys = await generate()
  const root = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=a test authority',
    ...validity,
    keys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  })
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
  return {
    ca: root.toString('pem'),
    async issue(hosts) {
      const own = await generate()
      const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64')
      return {
        key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
        cert: await certify(own.publicKey, hosts),
      }
    },
    async sign(csr, hosts, between) {
      const key = await new Pkcs10CertificateRequest(csr).publicKey.export(algorithm, ['verify'])
      const dates = between && { notBefore: new Date(between.from), notAfter: new Date(between.to) }
      return certify(key, hosts, dates)
    },
  }
}

const generate = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
