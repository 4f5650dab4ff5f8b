// A start whose private endpoint cannot be listened on, because another program took its port meanwhile: `up` says so
// beside the string, and once the port is free the string works without another start. And Ctrl-C at a terminal, which
// reaches every program at once: nothing is started again on the way out.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Program, postern } from './program.ts'

let home: string
const programs: Program[] = []
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'postern-unserved-'))
})
afterAll(() => {
  for (const { child } of programs) child.kill('SIGKILL')
  rmSync(home, { recursive: true, force: true })
})

const up = async (): Promise<Program> => {
  const program = await postern(['up', '--home', home, '--port', '0'], { ownGroup: true })
  programs.push(program)
  return program
}

/** Ctrl-C at a terminal. */
async function interrupt({ child, ended, stderr }: Program): Promise<void> {
  process.kill(-(child.pid ?? Number.NaN), 'SIGINT')
  expect(await ended).toEqual({ code: 0, signal: null })
  expect(stderr()).not.toMatch(/ended|again/)
}

test('a port that another program holds is told beside the string; freed, the string works', {
  timeout: 180_000,
}, async () => {
  const first = await up()
  const banner = await first.prints('Ctrl-C stops it')
  expect(banner).toMatch(/^Postern is ready\.$/m)
  const [, uri = '', host = '', port = ''] = /(mongodb:\/\/([^:,/]+):(\d+)[^' ]*)/.exec(banner) ?? []
  const [, user = '', password = ''] = /Database user +(\S+) {2}password (\S+)/.exec(banner) ?? []
  await interrupt(first)

  const squatter = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => squatter.listen(Number(port), host, resolve))
  const second = await up()
  const told = await second.prints('Ctrl-C stops it')
  expect(told).not.toMatch(/Postern is ready\./)
  expect(told).toContain(`${host} port ${port} is in use by another program; stop it`)
  expect(told).toContain(uri)

  await new Promise((resolve) => squatter.close(resolve))
  const client = new MongoClient(uri, { auth: { username: user, password }, serverSelectionTimeoutMS: 30_000 })
  try {
    expect(await client.db('a').command({ ping: 1 })).toMatchObject({ ok: 1 })
  } finally {
    await client.close(true)
  }
  await interrupt(second)
})
