// `diff` and `apply` as typed: what they ask of the server, what they send, when they ask a person. Whole journeys against
// the real server are in packages/postern/journeys/apply.test.ts.

import { describe, expect, test } from 'vitest'
import { groupId, runTrial } from '../trial/run-trial.ts'
import { all, group, page, run } from './run-apply.testing.ts'

const users = `GET ${group}/databaseUsers${all}`
const oneUser = '    users: [{ username: a, passwordFrom: { env: A }, roles: [read@shop] }]\n'
const made = { [users]: page(), [`POST ${group}/databaseUsers`]: { status: 201, body: {} } }
const standing = (state: string) => ({
  [`GET /api/postern/v1/groups/${groupId}/databaseAccess`]: {
    body: { results: [{ kind: 'USER', name: 'a', databaseName: 'admin', state, errorMessage: null }] },
  },
})
const env = { A: 'a-secret-password' }

describe('apply asks', () => {
  test('a person, who says no', async () => {
    const ran = await run('apply -f -', oneUser, made, { terminal: [false], env })
    expect(ran).toMatchObject({ code: 0, asked: ['Do this?'], sent: [], stdout: 'Nothing was done\n' })
  })
  test('a person, who says yes', async () => {
    const ran = await run('apply -f -', oneUser, { ...made, ...standing('READY') }, { terminal: [true], env })
    expect(ran).toMatchObject({ code: 0, stdout: 'Applied: 1 created, 0 changed, 0 deleted, 1 left alone.\n' })
  })
  test('nobody where there is no terminal: then it does nothing', async () => {
    const ran = await run('apply -f -', oneUser, made, { env })
    expect(ran).toMatchObject({ code: 1, sent: [], stdout: '' })
    expect(ran.stderr).toMatch(/use --yes to go on without the question\n$/)
  })
  test.each(['--yes', '-y', '--force'])('nobody with %s', async (flag) => {
    const ran = await run(`apply -f - ${flag}`, oneUser, { ...made, ...standing('READY') }, { env })
    expect(ran.code).toBe(0)
    expect(ran.sent).toEqual([
      [
        `POST ${group}/databaseUsers`,
        {
          username: 'a',
          databaseName: 'admin',
          password: env.A,
          roles: [{ roleName: 'read', databaseName: 'shop' }],
        },
      ],
    ])
  })
})

describe('a secret', () => {
  const there = {
    [users]: page({
      username: 'a',
      databaseName: 'admin',
      roles: [{ roleName: 'read', databaseName: 'shop' }],
      scopes: [],
      labels: [],
      x509Type: 'NONE',
    }),
    [`PATCH ${group}/databaseUsers/admin/a`]: { body: {} },
    ...standing('READY'),
  }
  test('of what is there is not even read', async () => {
    expect(await run('diff -f -', oneUser, there)).toMatchObject({ code: 0 })
    expect(await run('apply -f -', oneUser, there)).toMatchObject({ code: 0, sent: [] })
  })
  test('is set again with --passwords, and never printed', async () => {
    const ran = await run('apply -f - --passwords --yes', oneUser, there, { env })
    expect(ran).toMatchObject({ code: 0, sent: [[`PATCH ${group}/databaseUsers/admin/a`, { password: env.A }]] })
    expect(`${ran.stdout}${ran.stderr}`).not.toContain(env.A)
  })
  test('that is none is told by its place, without what it is', async () => {
    const ran = await run('apply -f - --yes', oneUser, made, { env: { A: 'short' } })
    expect(ran).toMatchObject({ code: 1, sent: [] })
    expect(ran.stderr).toContain(
      'standard input:4: projects[0].users[0].passwordFrom: what is in $A is no password: 8 to 1024 characters',
    )
    expect(ran.stderr).not.toContain('short')
  })
  test('in the file in clear is warned about, and not printed', async () => {
    const clear = oneUser.replace('passwordFrom: { env: A }', 'password: in-clear-as-it-is')
    const ran = await run('apply -f - --yes -o json', clear, { ...made, ...standing('READY') })
    expect(ran.stderr).toContain(
      'Warning: the file holds secrets in clear, the first at standard input:4: projects[0].users[0].password',
    )
    expect(`${ran.stdout}${ran.stderr}`).not.toContain('in-clear-as-it-is')
  })
})

describe('the command line', () => {
  test('--schema needs no server and no file', async () => {
    const { code, stdout, stderr } = await runTrial(['apply', '--schema'])
    expect({ code, stderr, title: (JSON.parse(stdout) as { title: string }).title }).toEqual({
      code: 0,
      stderr: '',
      title: 'Postern',
    })
  })
  test.each([
    ['diff', 'required flag(s) "file" not set'],
    ['apply --yes', 'required flag(s) "file" not set'],
    ['diff -f /nonexistent/shop.yaml', 'cannot read /nonexistent/shop.yaml: ENOENT'],
    ['diff -f /', 'cannot read /: EISDIR'],
    ['diff -f /dev/zero', '/dev/zero is larger than 2 MiB'],
  ])('%s: %s', async (line, sentence) => {
    expect(await runTrial(line.split(' '))).toMatchObject({ code: 1, stdout: '', stderr: `Error: ${sentence}\n` })
  })
})
