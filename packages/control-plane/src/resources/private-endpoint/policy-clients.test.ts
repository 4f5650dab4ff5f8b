// What a policy may ask of clients' certificates, by a table: the field that is wrong, and why.

import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509'
import { noPolicy } from '@postern/contract/endpoint-policy'
import type { AtlasError } from '@postern/contract/errors'
import { beforeAll, expect, test } from 'vitest'
import { checkClientCertificates } from './policy-clients.ts'

const now = Date.parse('2026-11-30T12:00:00Z')
let ca: string
let expired: string
let leaf: string

beforeAll(async () => {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const made = async (isCa: boolean, until: string): Promise<string> => {
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: '01',
      name: 'CN=a test authority',
      notBefore: new Date('2020-01-01'),
      notAfter: new Date(until),
      keys,
      signingAlgorithm: algorithm,
      extensions: [new BasicConstraintsExtension(isCa, undefined, true)],
    })
    return certificate.toString('pem')
  }
  ;[ca, expired, leaf] = await Promise.all([
    made(true, '2120-01-01'),
    made(true, '2026-11-30'),
    made(false, '2120-01-01'),
  ])
})

const tls = { minimumTls: 'TLS1_2' } as const
test.each<{ says: string; policy: () => object; form?: string | null; wrong: RegExp | null }>([
  { says: 'nothing is asked', policy: () => ({}), wrong: null },
  { says: 'of an endpoint that has names', policy: () => ({ clientCa: ca }), form: 'name', wrong: null },
  {
    says: 'of one that speaks TLS by its policy',
    policy: () => ({ clientCa: ca, ...tls }),
    form: 'address',
    wrong: null,
  },
  {
    says: 'several, with text between',
    policy: () => ({ clientCa: `# one\n${ca}\n# two\n${ca}`, ...tls }),
    wrong: null,
  },
  { says: 'names', policy: () => ({ clientCa: ca, clientNames: ['CN=a b,O=ü', 'app.test'], ...tls }), wrong: null },
  { says: 'nobody', policy: () => ({ clientCa: ca, clientNames: [], ...tls }), wrong: null },
  {
    says: 'without TLS',
    policy: () => ({ clientCa: ca }),
    form: 'address',
    wrong: /clientCa.*speaks no TLS.*set minimumTls/,
  },
  { says: 'before its form is known', policy: () => ({ clientCa: ca }), form: null, wrong: /clientCa.*not known yet/ },
  {
    says: 'names without an authority',
    policy: () => ({ clientNames: ['app.test'] }),
    wrong: /clientNames.*set clientCa/,
  },
  { says: 'no PEM', policy: () => ({ clientCa: 'hello', ...tls }), wrong: /clientCa.*no certificate in PEM/ },
  {
    says: 'PEM of nothing',
    policy: () => ({ clientCa: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', ...tls }),
    wrong: /clientCa.*the certificate cannot be read/,
  },
  {
    says: 'no authority',
    policy: () => ({ clientCa: leaf, ...tls }),
    wrong: /clientCa.*not one of a certificate authority/,
  },
  {
    says: 'one that expired',
    policy: () => ({ clientCa: ca + expired, ...tls }),
    wrong: /clientCa.*certificate 2 expired on Nov 30/,
  },
  {
    says: 'too many',
    policy: () => ({ clientCa: ca.repeat(11), ...tls }),
    wrong: /clientCa.*11 certificates; 10 are the most/,
  },
  {
    says: 'a key',
    policy: () => ({ clientCa: `${ca}\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----`, ...tls }),
    wrong: /clientCa.*a private key/,
  },
  {
    says: 'neither a subject nor a name',
    policy: () => ({ clientCa: ca, clientNames: ['a b'], ...tls }),
    wrong: /clientNames.*"a b" is neither/,
  },
  ...['nonsense=', '=app', 'CN=app,O=', 'CN= ,O=Shop', 'CN=app,=Shop', 'CN=,O=Shop', 'CN=app+OU='].map((name) => ({
    says: `${name}: an attribute without its name or value`,
    policy: () => ({ clientCa: ca, clientNames: [name], ...tls }),
    wrong: /clientNames.*has an attribute without a name or a value/,
  })),
  {
    says: 'values with an equals sign, and with an escaped comma before one, are values',
    policy: () => ({
      clientCa: ca,
      clientNames: ['CN=a=b,O=Shop', 'CN=YWJj=', 'CN=a\\,=b', 'CN=Acme\\, Inc.'],
      ...tls,
    }),
    wrong: null,
  },
])('$says', ({ policy, form = 'address', wrong }) => {
  const check = () => checkClientCertificates({ ...noPolicy, ...policy() }, { form, now })
  if (wrong === null) {
    check()
    return
  }
  let thrown: unknown
  try {
    check()
  } catch (error) {
    thrown = error
  }
  const { told, fields } = thrown as AtlasError
  expect(told).toBe('INVALID_ATTRIBUTE')
  expect(`${fields[0]?.field}: ${fields[0]?.description}`).toMatch(wrong)
})
