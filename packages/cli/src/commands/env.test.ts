import { expect, test } from 'vitest'
import { startRecordingServer } from '../trial/recording-server.ts'
import { groupId, orgId, runTrial } from '../trial/run-trial.ts'
import { shellLines } from './env/shell-lines.ts'

const url = 'http://postern.test'
const account = { POSTERN_URL: url, POSTERN_CLIENT_ID: 'mdb_sa_id_1', POSTERN_CLIENT_SECRET: "it's" }

test('the Atlas CLI: an URL with a slash, one kind of keys, the others taken away', async () => {
  const trial = await runTrial(['env', 'atlas'], { url, env: { POSTERN_ORG_ID: orgId } })
  expect(trial).toMatchObject({ code: 0, stderr: `Using ${url} (environment)\n` })
  expect(trial.stdout).toBe(`export MONGODB_ATLAS_OPS_MANAGER_URL='${url}/'
export MONGODB_ATLAS_PUBLIC_API_KEY='abcdefgh'
export MONGODB_ATLAS_PRIVATE_API_KEY='3b1b0f3e-7e0d-4f4e-9d43-0d9c1a1d3f7a'
unset MONGODB_ATLAS_CLIENT_ID
unset MONGODB_ATLAS_CLIENT_SECRET
unset MONGODB_ATLAS_ACCESS_TOKEN
export MONGODB_ATLAS_ORG_ID='${orgId}'
export MONGODB_ATLAS_PROJECT_ID='${groupId}'
export MONGODB_ATLAS_SKIP_UPDATE_CHECK='yes'
export MONGODB_ATLAS_TELEMETRY_ENABLED='false'
export MONGODB_ATLAS_SILENCE_STORAGE_WARNING='true'
`)
})

test('Terraform: no slash, and a service account', async () => {
  const line = ['env', 'terraform', '--projectId', groupId, '-o', 'json']
  expect(JSON.parse((await runTrial(line, { env: account })).stdout)).toEqual({
    MONGODB_ATLAS_BASE_URL: url,
    MONGODB_ATLAS_PUBLIC_KEY: null,
    MONGODB_ATLAS_PRIVATE_KEY: null,
    MONGODB_ATLAS_CLIENT_ID: 'mdb_sa_id_1',
    MONGODB_ATLAS_CLIENT_SECRET: "it's",
    MONGODB_ATLAS_ACCESS_TOKEN: null,
    TF_VAR_project_id: groupId,
  })
})

test('a value may hold anything', () => {
  expect(shellLines({ A: "it's $(x)\n`y`", B: null })).toBe("export A='it'\\''s $(x)\n`y`'\nunset B\n")
})

const clusters = `GET /api/atlas/v2/groups/${groupId}/clusters`
const named = (...names: readonly string[]) => ({ body: { results: names.map((name) => ({ name })) } })
const cluster = (connectionStrings: object) => ({ body: { name: 'c', connectionStrings } })

test.each([
  {
    says: 'the only cluster, through its endpoint',
    line: 'env mongosh',
    answers: {
      [clusters]: named('c'),
      [`${clusters}/c`]: cluster({ standard: 'mongodb://s', privateEndpoint: [{ connectionString: 'mongodb://p' }] }),
    },
    stdout: "export POSTERN_URI='mongodb://p'\n",
  },
  {
    says: 'a named one without an endpoint',
    line: 'env mongosh c',
    answers: { [`${clusters}/c`]: cluster({ standard: 'mongodb://s', privateEndpoint: [] }) },
    stdout: "export POSTERN_URI='mongodb://s'\n",
  },
  { says: 'several', line: 'env mongosh', answers: { [clusters]: named('a', 'b') }, error: 'name a cluster: a, b' },
  { says: 'none', line: 'env mongosh', answers: { [clusters]: named() }, error: 'there is no cluster in this project' },
  {
    says: 'no string yet',
    line: 'env mongosh c',
    answers: { [`${clusters}/c`]: cluster({}) },
    error: 'cluster c has no connection string yet',
  },
])('mongosh: $says', async ({ line, answers, stdout, error }) => {
  const server = await startRecordingServer(answers)
  const trial = await runTrial(line.split(' '), { url: server.url })
  await server.close()
  expect(trial).toMatchObject({ code: error === undefined ? 0 : 1, stdout: stdout ?? '' })
  expect(trial.stderr).toContain(error === undefined ? '' : `Error: ${error}\n`)
})
