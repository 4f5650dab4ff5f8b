// A replica set that Postern did not make: a sandbox process of its own, with its own folder, users and (if asked) TLS
// under a CA of its own. It stands in for a deployment that the user already runs.

import 'reflect-metadata'
import { fork } from 'node:child_process'
import { randomBytes, webcrypto } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as x509 from '@peculiar/x509'

export interface IndependentSet {
  readonly connectionString: string
  readonly hosts: readonly string[]
  readonly admin: { readonly username: string; readonly password: string }
  /** PEM of the CA that signed the members' certificate; null without TLS. */
  readonly ca: string | null
  readonly stop: () => Promise<void>
}

const setName = 'theirs'

export async function startIndependentSet({ tls }: { readonly tls: boolean }): Promise<IndependentSet> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-theirs-'))
  const token = randomBytes(24).toString('hex')
  const child = fork(fileURLToPath(new URL('../src/bin.ts', import.meta.url)), ['sandbox'], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {
      PATH: process.env.PATH,
      POSTERN_SANDBOX_DIR: folder,
      POSTERN_SANDBOX_PORT: '0',
      POSTERN_SANDBOX_TOKEN: token,
    },
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const adminUrl = await new Promise<string>((resolve, reject) => {
    child.on('message', (message) => resolve((message as { ready: { adminUrl: string } }).ready.adminUrl))
    child.once('exit', (code) => reject(new Error(`the independent set ended with ${code} before it was ready`)))
  })
  const admin = { username: 'their-admin', password: randomBytes(12).toString('hex') }
  const material = tls ? await makeCertificates() : null
  const response = await fetch(`${adminUrl}/clusters/theirs`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'theirs',
      setName,
      members: 3,
      admin: { user: admin.username, password: admin.password },
      ...(material === null ? {} : { tls: { key: material.key, cert: material.cert } }),
    }),
  })
  if (!response.ok)
    throw new Error(`the independent set could not be made: ${response.status} ${await response.text()}`)
  const { members } = (await response.json()) as { members: { hostPort: string }[] }
  const hosts = members.map((member) => member.hostPort)
  return {
    connectionString: `mongodb://${hosts.join(',')}/?replicaSet=${setName}${tls ? '&tls=true' : ''}`,
    hosts,
    admin,
    ca: material?.ca ?? null,
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A CA and a certificate for 127.0.0.1 under it, as PEM. */
async function makeCertificates(): Promise<{ readonly ca: string; readonly key: string; readonly cert: string }> {
  x509.cryptoProvider.set(webcrypto)
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const pair = () =>
    webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>
  const [caKeys, keys] = await Promise.all([pair(), pair()])
  const lives = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 86_400_000) }
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=their own CA',
    keys: caKeys,
    signingAlgorithm: algorithm,
    ...lives,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  })
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: '02',
    subject: 'CN=their member',
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    ...lives,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
  })
  const exported = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const key = `-----BEGIN PRIVATE KEY-----\n${exported.replaceAll(/(.{64})/g, '$1\n')}\n-----END PRIVATE KEY-----\n`
  return { ca: ca.toString('pem'), key, cert: leaf.toString('pem') }
}
