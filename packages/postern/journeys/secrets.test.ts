// Every secret of a running home, looked for in every place where it must not be: the store's files, the edge's
// snapshots, the logs and the command lines of every process. Plain, base64, base64url, hex and URL-encoded.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { startForTest } from './running.ts'

let running: Running
const groupSecrets: string[] = []

beforeAll(async () => {
  running = await startForTest({ sample: true, logLevel: 'trace' })
  const { client, bootstrap } = running
  const { groupId } = bootstrap
  const { body } = await client.call('createGroupApiKey', {
    params: { groupId },
    body: { desc: 'of the secrets journey', roles: ['GROUP_READ_ONLY'] },
  })
  groupSecrets.push(String(body.privateKey))
  groupSecrets.push('a password of the secrets journey')
  await client.call('createGroupDatabaseUser', {
    params: { groupId },
    body: {
      databaseName: 'admin',
      username: 'secretive',
      password: String(groupSecrets[1]),
      roles: [{ databaseName: 'admin', roleName: 'readAnyDatabase' }],
    },
  })
  const driver = new MongoClient(String(bootstrap.connectionStrings[0]), {
    auth: { username: bootstrap.dbUser, password: bootstrap.dbPassword },
  })
  await driver.db('admin').command({ ping: 1 })
  await driver.close()
  await fetch(`${bootstrap.apiUrl}/api/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${bootstrap.clientId}:${bootstrap.clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
})

afterAll(async () => {
  await running?.stop()
})

/** A secret in every spelling that code might have given it; base64 at each of its three alignments. */
function spellings(secret: string): readonly Buffer[] {
  const bytes = Buffer.from(secret)
  const shifted = [0, 1, 2].map((skip) => bytes.subarray(skip, skip + Math.floor((bytes.length - skip) / 3) * 3))
  return [
    secret,
    encodeURIComponent(secret),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...shifted.map((part) => part.toString('base64')),
    ...shifted.map((part) => part.toString('base64url')),
  ].map((spelling) => Buffer.from(spelling))
}

const secrets = (): readonly (readonly [string, string])[] => {
  const { privateKey, clientSecret, ownerPassword, dbPassword } = running.bootstrap
  return [
    ['the owner’s API key', privateKey],
    ['the service account’s secret', clientSecret],
    ['the owner’s password', ownerPassword],
    ['what a log-in link carries', new URL(String(running.loginUrl)).hash.replace('#link=', '')],
    ['the database user’s password', dbPassword],
    ['a project’s API key', String(groupSecrets[0])],
    ['another database user’s password', String(groupSecrets[1])],
  ]
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : statSync(path).isFile() ? [path] : []
  })
}

const holds = (content: Buffer): readonly string[] =>
  secrets()
    .filter(([, secret]) => spellings(secret).some((spelling) => content.includes(spelling)))
    .map(([says]) => says)

describe('no secret is to be found', () => {
  test('in any file of the home but bootstrap.json', () => {
    const files = filesBelow(running.home)
    expect(files.length).toBeGreaterThan(10)
    const found = files
      .filter((file) => !file.endsWith('/bootstrap.json'))
      .map((file) => [file, holds(readFileSync(file))] as const)
    expect(found.filter(([, which]) => which.length > 0)).toEqual([])
  })

  test('and the search would find one: bootstrap.json holds those that it may', () => {
    expect(holds(readFileSync(join(running.home, 'bootstrap.json')))).toHaveLength(4)
  })

  test.skipIf(process.platform !== 'linux')('in the command line of any process on this machine', () => {
    const lines = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          return [readFileSync(`/proc/${pid}/cmdline`)]
        } catch {
          return []
        }
      })
    expect(lines.length).toBeGreaterThan(3)
    expect(lines.flatMap(holds)).toEqual([])
  })
})
