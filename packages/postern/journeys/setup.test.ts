// Ready-made commands, run as they are printed, and `postern setup`: both end with an application that is connected.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endpointForms } from '../src/quickstart/forms.ts'
import type { Running } from '../src/up/start.ts'
import { type BuiltProgram, buildProgram } from './built-program.ts'
import { startForTest } from './running.ts'

let running: Running
let program: BuiltProgram
/** Where a shell finds `postern`. */
let folder: string
let env: Readonly<Record<string, string>>

beforeAll(async () => {
  running = await startForTest({ sample: true })
  env = { POSTERN_HOME: running.home, XDG_CONFIG_HOME: running.home, HOME: running.home }
  program = await buildProgram(() => env)
  const shim = `#!/bin/sh\nexec '${process.execPath}' '${program.bin}' "$@"\n`
  folder = mkdtempSync(join(tmpdir(), 'postern-shell-'))
  writeFileSync(join(folder, 'postern'), shim, { mode: 0o755 })
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await running?.stop()
})

/** What a person pastes, in a shell that finds `postern`. Rejects when it ends with another code than 0. */
const pasted = async (text: string): Promise<string> => {
  const path = `${folder}${delimiter}${process.env.PATH}`
  return (await promisify(execFile)('/bin/sh', ['-c', text], { env: { ...env, PATH: path } })).stdout
}

async function canWrite(uri: string, username: string, password: string): Promise<void> {
  const client = new MongoClient(uri, { auth: { username, password }, serverSelectionTimeoutMS: 10_000 })
  try {
    const orders = client.db('shop').collection('orders')
    const { insertedId } = await orders.insertOne({ n: 1 })
    expect(await orders.findOne({ _id: insertedId })).toMatchObject({ n: 1 })
  } finally {
    await client.close()
  }
}

/** What the local cloud tells of the endpoint that was made, by the placeholder that it stands for. */
const told: Readonly<Record<string, RegExp>> = {
  '<VPC_ENDPOINT_ID>': /^(vpce-\S+)/m,
  '<PRIVATE_ENDPOINT_RESOURCE_ID>': /^(\/subscriptions\/\S+)/m,
  '<PRIVATE_IP_ADDRESS>': /^\/\S+ +(\S+)/m,
  '<ENDPOINTS>': /^--endpoint (\S+)/m,
}

describe('describe --setup local', { timeout: 120_000 }, () => {
  test.each(endpointForms)('$says: what is printed makes the endpoint, and then attaches it', async (form) => {
    const cloud = form.provider.toLowerCase()
    const mapped = form.portMappingEnabled === true ? ['--portMappingEnabled'] : []
    const made = await program.run(['privateEndpoints', cloud, 'create', '--region', form.region, ...mapped, '--watch'])
    const [, id = ''] = /'([0-9a-f]{24})' created/.exec(made.stdout) ?? []
    const setup = await program.run(['privateEndpoints', cloud, 'describe', id, '--setup', 'local'])
    expect(setup.code).toBe(0)
    const created = await pasted(setup.stdout)
    const [, attach = ''] = setup.stderr.split('Then attach it:\n')
    const filled = attach.replaceAll(
      /<[A-Z_]+>/g,
      (placeholder) => told[placeholder]?.exec(created)?.[1] ?? placeholder,
    )
    expect(filled).not.toMatch(/<[A-Z_]+>/)
    expect(await pasted(`${filled.trimEnd()} --watch`)).toMatch(/^Interface endpoint '\S+' created\.\n$/)
    const { dbUser, dbPassword } = running.bootstrap
    const { body } = await running.client.call('getGroupCluster', {
      params: { groupId: running.bootstrap.groupId, clusterName: 'Cluster0' },
    })
    await canWrite(body.connectionStrings?.privateEndpoint?.at(-1)?.connectionString ?? '', dbUser, dbPassword)
  })
})

describe('setup', { timeout: 120_000 }, () => {
  test.each([
    { provider: 'AWS', region: 'EU_WEST_2' },
    { provider: 'AZURE', region: 'northeurope' },
    { provider: 'GCP', region: 'us-west1' },
  ])('$provider: from nothing to an application that writes', async ({ provider, region }) => {
    const { code, stdout } = await program.run([
      'setup',
      '--force',
      '--clusterName',
      `On-${provider}`,
      '--provider',
      provider,
      '--region',
      region,
      '-o',
      'json',
    ])
    expect(code).toBe(0)
    const { connectionString, username, password, clusterName } = JSON.parse(stdout)
    expect(clusterName).toBe(`On-${provider}`)
    await canWrite(connectionString, username, password)
  })

  test('a second time in a region takes the service that is there; the password is the one that was typed', async () => {
    const { code, stdout, stderr } = await program.run(
      ['setup', '--force', '--clusterName', 'Second', '--username', 'shop', '--region', 'EU_WEST_2'],
      { input: 'a good password\n' },
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).not.toContain('Password')
    const [, uri = ''] = /^Connection string {2}(\S+)$/m.exec(stdout) ?? []
    await canWrite(uri, 'shop', 'a good password')
  })

  test('a name that is taken ends it before anything else is made', async () => {
    const { code, stdout, stderr } = await program.run(['setup', '--force', '--clusterName', 'Second'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('DUPLICATE_CLUSTER_NAME')
  })
})
