import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CommandRow, checkRow } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, runTrial } from '../trial/run-trial.ts'

// Registering a deployment: where the string may come from, and that no part of it is ever shown.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const block = (what: string): string => `-----BEGIN ${what}-----\nAAAA\n-----END ${what}-----\n`
const pair = { certificate: block('CERTIFICATE'), key: block('PRIVATE KEY') }
const folder = mkdtempSync(join(tmpdir(), 'postern-pem-'))
const pairFile = join(folder, 'client.pem')
const halfFile = join(folder, 'half.pem')
const lockedFile = join(folder, 'locked.pem')
writeFileSync(pairFile, `${pair.key}${pair.certificate}`)
writeFileSync(halfFile, pair.certificate)
writeFileSync(lockedFile, `${block('ENCRYPTED PRIVATE KEY')}${pair.certificate}`)

const target = `POST /api/postern/v1/groups/${groupId}/deployments`
const reply = { name: 'Shop', members: [{}, {}, {}], usersNotManagedReason: null }
const line = 'deployments register Shop --provider aws --region us-east-1'

const row = (says: string, parts: Partial<CommandRow>, body: Record<string, unknown>): CommandRow => ({
  says,
  line,
  answers: { [target]: { status: 201, body: reply } },
  sent: [[target, { name: 'Shop', provider: 'AWS', region: 'us-east-1', ...body }]],
  stdout:
    "Deployment 'Shop' registered with 3 members.\nWhoever reaches a member's own port still comes in there: nobody but its owner can close that.\n",
  ...parts,
})

test.each<CommandRow>([
  row(
    'the string by standard input, user and password taken out and decoded',
    { stdin: 'mongodb://admin:p%40ss@h1:1,h2:2/?replicaSet=rs&tls=true\r\n' },
    { connectionString: 'mongodb://h1:1,h2:2/?replicaSet=rs&tls=true', username: 'admin', password: 'p@ss' },
  ),
  row(
    'the string by POSTERN_URI, without credentials',
    { env: { POSTERN_URI: 'mongodb+srv://db.test' } },
    { connectionString: 'mongodb+srv://db.test' },
  ),
  row('the string by prompt', { terminal: ['mongodb://u@h1'] }, { connectionString: 'mongodb://h1', username: 'u' }),
  row(
    'a password with an @ that should have been escaped',
    { stdin: 'mongodb://u:p@ss:1@h1/admin' },
    { connectionString: 'mongodb://h1/admin', username: 'u', password: 'p@ss:1' },
  ),
  row('the string in argv without a password', { line: `${line} mongodb://h1` }, { connectionString: 'mongodb://h1' }),
  row(
    'the string in argv with a password is warned about',
    { line: `${line} mongodb://u:secret@h1`, stderr: /^Warning: a password on the command line can be read/ },
    { connectionString: 'mongodb://h1', username: 'u', password: 'secret' },
  ),
  row(
    'a certificate and its key come in one file, as MongoDB’s own tools take them',
    { line: `${line} --tlsCertificateKeyFile ${pairFile}`, stdin: 'mongodb://h1' },
    { connectionString: 'mongodb://h1', tls: pair },
  ),
  row(
    'or are named by the string',
    { line, stdin: `mongodb://h1/?tls=true&tlsCertificateKeyFile=${encodeURIComponent(pairFile)}` },
    { connectionString: 'mongodb://h1/?tls=true', tls: pair },
  ),
  row(
    'host names may be anything',
    { line: `${line} --tlsAllowInvalidHostnames`, stdin: 'mongodb://h1' },
    { connectionString: 'mongodb://h1', tls: { allowInvalidHostnames: true } },
  ),
  row(
    'so is why it may have hidden members',
    {
      stdin: 'mongodb://h1',
      answers: {
        [target]: {
          status: 201,
          body: { ...reply, members: [{}], hiddenMembersUnknownReason: 'Nobody may ask.', usersNotManagedReason: null },
        },
      },
      stdout:
        "Deployment 'Shop' registered with 1 member.\nWhoever reaches a member's own port still comes in there: nobody but its owner can close that.\n",
      stderr: /^It may have more members: Nobody may ask\.\n$/,
    },
    { connectionString: 'mongodb://h1' },
  ),
  row(
    'users that are not managed are told',
    {
      stdin: 'mongodb://h1',
      answers: {
        [target]: { status: 201, body: { ...reply, members: [{}], usersNotManagedReason: 'No credentials.' } },
      },
      stdout:
        "Deployment 'Shop' registered with 1 member.\nWhoever reaches a member's own port still comes in there: nobody but its owner can close that.\n",
      stderr: /^Its database users are not managed: No credentials\.\n$/,
    },
    { connectionString: 'mongodb://h1' },
  ),
])('$says', (one) => checkRow(server, one))

test.each([
  ['', 'no connection string'],
  ['http://h1', 'no connection string'],
  ['mongodb://', 'no connection string'],
  ['mongodb://u:pass%zz@h1', 'has a "%"'],
  [`mongodb://h1/?tlsCertificateKeyFile=${lockedFile}`, 'is behind a passphrase: give a file whose key has none'],
  [`mongodb://h1/?tlsCertificateKeyFile=${halfFile}`, 'must hold a certificate and its key in PEM'],
  ['mongodb://h1/?tlsCAFile=/nonexistent/ca.pem', 'cannot read the CA file /nonexistent/ca.pem: ENOENT'],
])('%j is refused, and never shown', async (stdin, error) => {
  server.requests.length = 0
  const trial = await runTrial(line.split(' '), { url: server.url, stdin })
  expect(trial).toMatchObject({ code: 1, stdout: '' })
  expect(trial.stderr).toContain(error)
  expect(trial.stderr).not.toContain('pass%zz')
  expect(server.requests).toEqual([])
})
