// The programs as production runs them: a control plane that speaks TLS with a certificate of the company's own CA, an
// edge that trusts that CA and has enrolled, and a sandbox for clusters. For clients that insist on https.

import { randomBytes } from 'node:crypto'
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@postern/cli/connect'
import type { Client, Fetch } from '@postern/contract/client'
import { type Child, type ChildProgram, startChild } from '../src/up/child.ts'
import { type Bootstrap, freshBootstrap, homePaths, makeHome } from '../src/up/home.ts'
import { makeCertificates } from './certificates.ts'

export interface HttpsServer {
  /** Such as `https://127.0.0.1:8443`. */
  readonly url: string
  /** PEM file of the CA that clients are to trust. */
  readonly caFile: string
  /** `host:port` of the DNS server that knows our zone. */
  readonly dnsAddress: string
  /** What the control plane was seeded with: organization, group and credentials. */
  readonly seed: Bootstrap
  /** Authenticated by the service account, over TLS. */
  readonly client: Client
  readonly stop: () => Promise<void>
}

export async function startHttpsServer(): Promise<HttpsServer> {
  const home = mkdtempSync(join(tmpdir(), 'postern-https-'))
  makeHome(home)
  const seed = freshBootstrap(false)
  const { ca, cert, key } = await makeCertificates()
  const file = (name: string, text: string): string => {
    writeFileSync(join(home, name), text, { mode: 0o600 })
    return join(home, name)
  }
  const [caFile, certFile, keyFile] = [file('their-ca.pem', ca), file('tls.pem', cert), file('tls-key.pem', key)]

  const children: Child[] = []
  const stop = async (): Promise<void> => {
    for (const child of children) await child.stop(4_000)
    rmSync(home, { recursive: true, force: true })
  }
  const launch = async (name: ChildProgram['name'], environment: Record<string, string>, message?: object) => {
    const stderr = openSync(join(homePaths(home).logs, `${name}.log`), 'a', 0o600)
    const child = startChild({
      name,
      environment: () => environment,
      stderr,
      onDeath: () => {},
      ...(message && { message: () => message }),
    })
    children.unshift(child)
    await child.started
    return child.ready()
  }
  try {
    const [sandboxToken, forwarderKey] = [0, 1].map(() => randomBytes(32).toString('hex')) as [string, string]
    const sandbox = await launch('sandbox', {
      POSTERN_SANDBOX_DIR: homePaths(home).sandbox,
      POSTERN_SANDBOX_PORT: '0',
      POSTERN_SANDBOX_TOKEN: sandboxToken,
    })
    const server = await launch(
      'server',
      {
        POSTERN_HOME: home,
        POSTERN_PORT: '0',
        POSTERN_TLS_CERT: certFile,
        POSTERN_TLS_KEY: keyFile,
        POSTERN_SANDBOX_URL: String(sandbox.adminUrl),
        POSTERN_SANDBOX_TOKEN: sandboxToken,
        POSTERN_LOCAL_PROVISION_MS: '50',
        POSTERN_GATEWAY_PORTS: `${seed.gateway.firstPort}-${seed.gateway.lastPort}`,
        POSTERN_EXPECT_SEED: 'yes',
      },
      { seed: { ...seed, orgName: 'Organization0', groupName: 'Project0' } },
    )
    const url = String(server.url).replace(/\/$/, '')
    const { clientId, clientSecret } = seed
    const credentials = { kind: 'serviceAccount', clientId, clientSecret } as const
    const client = connect({ baseUrl: url, credentials, fetch: trusting(ca) })
    const { body: enrolment } = await client.call('createEdgeEnrolment', {
      params: { edge: 'local' },
      body: { programs: ['gateway', 'dns', 'forwarder'] },
    })
    const edge = await launch('edge', {
      NODE_EXTRA_CA_CERTS: caFile,
      POSTERN_URL: url,
      POSTERN_EDGE: 'local',
      POSTERN_EDGE_ENROLMENT: enrolment.token,
      POSTERN_FORWARDER_KEY: forwarderKey,
      POSTERN_EDGE_DIR: homePaths(home).edge,
      POSTERN_GATEWAY_HOST: seed.gateway.host,
    })
    return { url, caFile, dnsAddress: String(edge.dnsAddress), seed, client, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A fetch that trusts this CA: the platform's own learns of one only when its process starts. */
const trusting =
  (ca: string): Fetch =>
  (url, { method = 'GET', headers, body }) =>
    new Promise((resolve, reject) => {
      const sent = request(url, { method, ca, headers: Object.fromEntries(new Headers(headers)) }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const { statusCode: status = 0 } = answer
          const told = new Headers(
            Object.entries(answer.headers).flatMap(([name, value]) =>
              [value ?? []].flat().map((each): [string, string] => [name, each]),
            ),
          )
          resolve(new Response(status === 204 ? null : Buffer.concat(chunks), { status, headers: told }))
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
