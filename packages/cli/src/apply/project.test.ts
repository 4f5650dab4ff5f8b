// A project of the file: made with its choices, or told what differs and what is fixed.

import { describe, expect, test } from 'vitest'
import { groupId, orgId } from '../trial/run-trial.ts'
import { all, group, page, run } from './run-apply.testing.ts'

describe('a project', () => {
  const choices =
    '    id: 6553f0c8a3b1c2d4e5f60729\n    hash: shop1\n    regionalMode: true\n    fidelity: atlas\n    tags: { env: test }\n'
  test('with choices is made by the door for them, and its switches are set', async () => {
    const id = '6553f0c8a3b1c2d4e5f60729'
    const ran = await run('apply -f - --yes', choices, {
      [`GET /api/atlas/v2/orgs/${orgId}/groups${all}`]: page(),
      [`POST /api/postern/v1/orgs/${orgId}/groups`]: { status: 201, body: { id } },
      [`PATCH /api/atlas/v2/groups/${id}/privateEndpoint/regionalMode`]: { status: 202, body: {} },
      [`PATCH /api/postern/v1/groups/${id}/fidelity`]: { body: {} },
    })
    expect(ran.sent).toEqual([
      [
        `POST /api/postern/v1/orgs/${orgId}/groups`,
        { name: 'Shop', tags: [{ key: 'env', value: 'test' }], id, hash: 'shop1' },
      ],
      [`PATCH /api/atlas/v2/groups/${id}/privateEndpoint/regionalMode`, { enabled: true }],
      [`PATCH /api/postern/v1/groups/${id}/fidelity`, { own: 'atlas' }],
    ])
    expect(ran.code).toBe(0)
  })
  test('that is there shows what differs, and what is fixed', async () => {
    const ran = await run('diff -f -', choices, {
      [`GET /api/postern/v1/groups/${groupId}/hash`]: { body: { hash: 'other' } },
      [`GET ${group}/privateEndpoint/regionalMode`]: { body: { enabled: false } },
      [`GET /api/postern/v1/groups/${groupId}/fidelity`]: { body: { fidelity: 'postern', own: null } },
    })
    expect(ran.stdout).toContain(
      `  ! project Shop
      id: ${groupId} -> 6553f0c8a3b1c2d4e5f60729
      tags: none -> env=test
      hash: other -> shop1
      regionalMode: false -> true
      fidelity: none -> atlas
`,
    )
    expect(ran.code).toBe(2)
  })
  test('of an organization that the file names is looked for there', async () => {
    const line = 'diff -f -'
    const stdin = 'apiVersion: postern/v1\norganization: Acme\nprojects: []\n'
    const orgs = (...ids: readonly string[]) => ({
      [`GET /api/atlas/v2/orgs${all}`]: page(...ids.map((id) => ({ id, name: 'Acme' }))),
    })
    expect((await run(line, '', orgs(orgId), { stdin })).code).toBe(0)
    expect((await run(line, '', orgs(), { stdin })).stderr).toContain('Error: there is no organization "Acme"')
    expect((await run(line, '', orgs(orgId, groupId), { stdin })).stderr).toContain(
      'several organizations are named "Acme"',
    )
  })
})
