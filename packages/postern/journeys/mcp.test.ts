// The official MCP server for Atlas, unchanged, as an agent would run it: over stdio, against our https with a CA of
// one's own and a service account, down to documents that it writes through a private endpoint.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../src/up/wait.ts'
import { attachAvailable } from './attached.ts'
import { type HttpsServer, startHttpsServer } from './https-server.ts'

const tools = new URL('../../../test-tools/', import.meta.url)
const program = fileURLToPath(new URL('node_modules/mongodb-mcp-server/dist/esm/index.js', tools))
const missing = existsSync(program) ? null : 'test-tools/ is not installed; npm test installs it'

interface ToolAnswer {
  readonly isError?: boolean
  readonly content: readonly { readonly text?: string }[]
  readonly structuredContent?: Readonly<Record<string, unknown>>
}
interface McpClient {
  readonly connect: (transport: object) => Promise<void>
  readonly callTool: (call: { readonly name: string; readonly arguments: object }) => Promise<ToolAnswer>
  readonly close: () => Promise<void>
}

let server: HttpsServer
let mcp: McpClient
let folder: string
let groupId: string

beforeAll(async () => {
  if (missing !== null) return
  folder = mkdtempSync(join(tmpdir(), 'postern-mcp-'))
  server = await startHttpsServer()
  groupId = server.seed.groupId
  mcp = await startMcp()
})
afterAll(async () => {
  await mcp?.close()
  await server?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})
beforeEach(({ skip }) => {
  if (missing !== null) skip(missing)
})

/**
 * Loaded first into the MCP server's process: a machine whose resolver knows our zone, where every host that is dialled
 * is noted.
 */
const machine = (notes: string, resolver: string): string =>
  `import dns from 'node:dns'; import net from 'node:net'; import { appendFileSync } from 'node:fs';
   const { connect } = net.Socket.prototype;
   net.Socket.prototype.connect = function (...args) {
     const [to] = args.flat();
     const host = typeof to === 'object' ? to?.path ?? to?.host ?? 'localhost' : args[1];
     appendFileSync(${JSON.stringify(notes)}, host + '\\n');
     return connect.apply(this, args);
   };
   dns.setServers([${JSON.stringify(resolver)}]);
   const { lookup } = dns;
   dns.lookup = (name, options, done) =>
     name.endsWith('.postern.internal')
       ? dns.resolve4(name, (error, found = []) =>
           options?.all ? done(error, found.map((address) => ({ address, family: 4 }))) : done(error, found[0], 4))
       : lookup(name, options, done);`

async function startMcp(): Promise<McpClient> {
  const load = createRequire(new URL('package.json', tools))
  const { Client } = load('@modelcontextprotocol/sdk/client/index.js')
  const { StdioClientTransport } = load('@modelcontextprotocol/sdk/client/stdio.js')
  const { body: authority } = await server.client.call('getCertificateAuthority')
  const trusted = join(folder, 'trusted.pem')
  writeFileSync(trusted, `${readFileSync(server.caFile, 'utf8')}\n${authority.certificate}`)
  const preload = machine(join(folder, 'dialled'), server.dnsAddress)
  const client: McpClient = new Client({ name: 'postern-journey', version: '1' }, { capabilities: {} })
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['--import', `data:text/javascript,${encodeURIComponent(preload)}`, program],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        // It asks by two clients of its own, and each learns of a CA from another place.
        NODE_EXTRA_CA_CERTS: trusted,
        SSL_CERT_FILE: trusted,
        DO_NOT_TRACK: '1',
        MDB_MCP_TELEMETRY: 'disabled',
        MDB_MCP_API_BASE_URL: `${server.url}/`,
        MDB_MCP_API_CLIENT_ID: server.seed.clientId,
        MDB_MCP_API_CLIENT_SECRET: server.seed.clientSecret,
        MDB_MCP_LOG_PATH: folder,
      },
      stderr: 'ignore',
    }),
  )
  return client
}

/** What the tool answered, as data; what went wrong in its own words. */
async function call(name: string, given: object = {}): Promise<Readonly<Record<string, unknown>>> {
  const { isError, content, structuredContent } = await mcp.callTool({ name, arguments: given })
  if (isError) throw new Error(`${name}: ${content.map(({ text }) => text).join('\n')}`)
  return structuredContent ?? { text: content.map(({ text }) => text).join('\n') }
}

const clusterName = 'Cluster0'
const makeCluster = async (): Promise<void> => {
  const electableSpecs = { instanceSize: 'M10', nodeCount: 3 } as const
  const regionConfigs = [{ providerName: 'AWS', regionName: 'EU_WEST_1', priority: 7, electableSpecs } as const]
  const body = { name: clusterName, clusterType: 'REPLICASET', replicationSpecs: [{ regionConfigs }] } as const
  await server.client.call('createGroupCluster', {
    params: { groupId },
    body: { ...body, replicationSpecs: [...body.replicationSpecs] },
  })
  await until('the cluster becoming IDLE', 30_000, async () => {
    const { body: seen } = await server.client.call('getGroupCluster', { params: { groupId, clusterName } })
    return seen.stateName === 'IDLE' ? true : undefined
  })
}
/** By name: the client reads the string with `new URL`, which knows no list of hosts, so it takes SRV. */
const makeEndpoint = async (): Promise<string> =>
  (await attachAvailable(server.client, { groupId, advertised: 'name' })).endpointId

describe('mongodb-mcp-server', () => {
  test('lists the organization and its project', async () => {
    const { orgId } = server.seed
    expect(await call('atlas-list-orgs')).toMatchObject({ organizations: [{ id: orgId }], totalCount: 1 })
    expect(await call('atlas-list-projects')).toMatchObject({ projects: [{ id: groupId, orgId }], totalCount: 1 })
    expect(await call('atlas-list-projects', { orgId, limit: 1, includeCount: true })).toMatchObject({ totalCount: 1 })
  })

  test('makes a project', async () => {
    await call('atlas-create-project', { projectName: 'From MCP', orgId: server.seed.orgId })
    const { projects } = await call('atlas-list-projects', { orgId: server.seed.orgId })
    expect((projects as { name: string }[]).map(({ name }) => name).sort()).toEqual(['From MCP', 'Project0'])
  })

  test('puts addresses on the access list, its own too, and reads them', async () => {
    const given = {
      ipAddresses: ['192.0.2.7'],
      cidrBlocks: ['198.51.100.0/24'],
      currentIpAddress: true,
      comment: 'mcp',
    }
    await call('atlas-create-access-list', { projectId: groupId, ...given })
    const { body } = await server.client.call('listGroupAccessListEntries', { params: { groupId } })
    expect(body.results.map(({ cidrBlock }) => cidrBlock).sort()).toEqual([
      '127.0.0.1/32',
      '192.0.2.7/32',
      '198.51.100.0/24',
    ])
    const { entries } = await call('atlas-inspect-access-list', { projectId: groupId })
    expect(entries).toHaveLength(3)
  })

  test('makes a database user, with a password of its own making, and lists it', async () => {
    const roles = [{ roleName: 'readWrite', databaseName: 'shop' }]
    const made = await call('atlas-create-db-user', { projectId: groupId, username: 'mcp-app', roles })
    expect(made).toEqual({ username: 'mcp-app', password: expect.stringMatching(/^\S{12,}$/) })
    const { users } = await call('atlas-list-db-users', { projectId: groupId })
    expect(users).toMatchObject([{ username: 'mcp-app', roles }])
  })

  test('says in words what the server refused', async () => {
    await expect(call('atlas-inspect-cluster', { projectId: groupId, clusterName: 'Nowhere' })).rejects.toThrow(
      'No cluster named Nowhere exists',
    )
  })

  describe('and a cluster with a private endpoint', () => {
    let endpointId: string
    beforeAll(async () => {
      if (missing !== null) return
      await makeCluster()
      endpointId = await makeEndpoint()
    })

    test('is listed in its project and over all of them, and inspected', async () => {
      expect(await call('atlas-list-clusters')).toMatchObject({ clusters: [{ clusterName, projectId: groupId }] })
      expect(await call('atlas-list-clusters', { projectId: groupId })).toMatchObject({
        clusters: [{ name: clusterName, state: 'IDLE', provider: 'AWS', region: 'EU_WEST_1', instanceSize: 'M10' }],
      })
      expect(await call('atlas-inspect-cluster', { projectId: groupId, clusterName })).toMatchObject({
        instanceType: 'DEDICATED',
        connectionStrings: { privateEndpoint: [{ endpoints: [{ endpointId }] }] },
      })
    })

    test('is connected through the endpoint by a user who goes again, and holds what was written', async () => {
      const at = { projectId: groupId, clusterName, connectionType: 'privateEndpoint' }
      const { connectionId, state } = await call('atlas-connect-cluster', at)
      expect(state).toBe('connected')
      const there = { connectionId, database: 'shop', collection: 'orders' }
      await call('insert-many', { ...there, documents: [{ _id: 'from-mcp', n: 1 }] })
      const found = await mcp.callTool({ name: 'find', arguments: { ...there, filter: { n: 1 } } })
      expect(JSON.stringify(found)).toContain('from-mcp')
      const users = async (): Promise<readonly string[]> => {
        const { body } = await server.client.call('listGroupDatabaseUsers', { params: { groupId } })
        return body.results.map(({ username }) => username).sort()
      }
      expect(await users()).toEqual(['mcp-app', expect.stringMatching(/^mcpUser\d+$/)])
      await call('disconnect', { connectionId })
      await expect.poll(users, { timeout: 20_000 }).toEqual(['mcp-app'])
    })
  })

  test('has dialled nobody but this machine', () => {
    const dialled = new Set(readFileSync(join(folder, 'dialled'), 'utf8').trim().split('\n'))
    expect([...dialled].filter((host) => !/^127\.|^localhost$|\.postern\.internal$/.test(host))).toEqual([])
    expect(dialled).toContain('127.0.0.1')
  })
})
