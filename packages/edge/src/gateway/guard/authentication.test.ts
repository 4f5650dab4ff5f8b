// Endpoints for some users alone: who may begin to authenticate, by which way, and what goes on before and after.

import { BSON, type Document } from 'bson'
import { describe, expect, test } from 'vitest'
import { body, endpoint, judged, msg, once, query, sections, users } from '../testing/guarded-requests.ts'
import { createGuard } from './guard.ts'

describe('allowed users: every way to authenticate', () => {
  const scram = (name: string): Buffer => Buffer.from(`n,,n=${name},r=nonce`)
  const start = (payload: unknown, { mechanism = 'SCRAM-SHA-256', db = 'admin' } = {}): Document => ({
    saslStart: 1,
    mechanism,
    payload: Buffer.isBuffer(payload) ? new BSON.Binary(payload) : payload,
    $db: db,
  })
  const x509 = (user: Document): Document => ({ authenticate: 1, mechanism: 'MONGODB-X509', ...user, $db: '$external' })
  const as = (command: Document): Buffer => sections(0, body(command))

  test.each<{ says: string; command: Document; is: string }>([
    { says: 'SCRAM, allowed', command: start(scram('app')), is: 'passes' },
    { says: 'SCRAM-SHA-1, allowed', command: start(scram('app'), { mechanism: 'SCRAM-SHA-1' }), is: 'passes' },
    { says: 'the same name of another database', command: start(scram('app'), { db: 'shop' }), is: 'USER_NOT_ALLOWED' },
    { says: 'another name', command: start(scram('root')), is: 'USER_NOT_ALLOWED' },
    { says: 'a name in other letters', command: start(scram('App')), is: 'USER_NOT_ALLOWED' },
    { says: 'a name that looks alike', command: start(scram('ａpp')), is: 'USER_NOT_ALLOWED' },
    { says: 'a longer name', command: start(scram('app=2C')), is: 'USER_NOT_ALLOWED' },
    { says: 'a name that is escaped wrongly', command: start(scram('app=2c')), is: 'USER_NOT_ALLOWED' },
    { says: 'on behalf of somebody', command: start(Buffer.from('n,a=root,n=app,r=x')), is: 'USER_NOT_ALLOWED' },
    { says: 'an extension before the name', command: start(Buffer.from('n,,m=x,n=app,r=x')), is: 'USER_NOT_ALLOWED' },
    { says: 'two names', command: start(Buffer.from('n,,n=app,n=root,r=x')), is: 'USER_NOT_ALLOWED' },
    { says: 'no UTF-8', command: start(Buffer.from('n,,n=\xff,r=x', 'latin1')), is: 'USER_NOT_ALLOWED' },
    { says: 'a payload as text', command: start('n,,n=app,r=x'), is: 'USER_NOT_ALLOWED' },
    { says: 'no payload', command: { saslStart: 1, mechanism: 'SCRAM-SHA-256', $db: 'admin' }, is: 'USER_NOT_ALLOWED' },
    { says: 'PLAIN, allowed', command: start(Buffer.from('\0app\0secret'), { mechanism: 'PLAIN' }), is: 'passes' },
    {
      says: 'PLAIN as another',
      command: start(Buffer.from('\0root\0secret'), { mechanism: 'PLAIN' }),
      is: 'USER_NOT_ALLOWED',
    },
    {
      says: 'PLAIN on behalf',
      command: start(Buffer.from('root\0app\0secret'), { mechanism: 'PLAIN' }),
      is: 'USER_NOT_ALLOWED',
    },
    { says: 'MONGODB-AWS', command: start(Buffer.from('app'), { mechanism: 'MONGODB-AWS' }), is: 'USER_NOT_ALLOWED' },
    { says: 'MONGODB-OIDC', command: start(scram('app'), { mechanism: 'MONGODB-OIDC' }), is: 'USER_NOT_ALLOWED' },
    { says: 'GSSAPI', command: start(scram('app'), { mechanism: 'GSSAPI' }), is: 'USER_NOT_ALLOWED' },
    { says: 'X.509, allowed', command: x509({ user: 'CN=app' }), is: 'passes' },
    { says: 'X.509 of another', command: x509({ user: 'CN=root' }), is: 'USER_NOT_ALLOWED' },
    { says: 'X.509 without a name', command: x509({}), is: 'USER_NOT_ALLOWED' },
    { says: 'MONGODB-CR', command: { authenticate: 1, user: 'app', key: 'x', $db: 'admin' }, is: 'USER_NOT_ALLOWED' },
  ])('$says: $is', ({ command, is }) => {
    expect(once(users, as(command))).toBe(is)
    const { $db, ...inside } = command
    const hello = as({ hello: 1, speculativeAuthenticate: { ...inside, db: $db }, $db: 'admin' })
    expect(once(users, hello)).toBe(is)
  })

  test('hello loses an authentication that is not allowed, and goes on without; so does one as OP_QUERY', () => {
    const hello = { hello: 1, client: { driver: { name: 'x' } }, $db: 'admin' }
    const { $db: _, ...inside } = start(scram('root'))
    const asked = { ...hello, speculativeAuthenticate: { ...inside, db: 'admin' } }
    const guard = createGuard(users, endpoint)
    expect(guard.judge(as(asked)).message).toEqual(as(hello))
    expect(guard.judge(query('admin.$cmd', asked)).message).toEqual(query('admin.$cmd', hello))
    expect(judged(guard, query('admin.$cmd', { $query: asked }))).toBe('USER_NOT_ALLOWED')
    expect('reply' in guard.judge(query('admin.$cmd', { $query: asked }))).toBe(true)
  })

  test.each<Document>([
    { speculativeAuthenticate: 1 },
    { speculativeAuthenticate: { ping: 1 } },
    { speculativeAuthenticate: [{ saslStart: 1 }] },
  ])('hello with %j: who comes cannot be told', (field) => {
    expect(once(users, as({ hello: 1, ...field, $db: 'admin' }))).toBe('USER_NOT_ALLOWED')
  })

  test('nothing but the handshake goes on before an allowed user has begun to authenticate', () => {
    const guard = createGuard(users, endpoint)
    for (const command of [{ hello: 1 }, { ping: 1 }, { buildInfo: 1 }])
      expect(judged(guard, msg(command))).toBe('passes')
    const others = [{ find: 'c' }, { insert: 'c' }, { saslContinue: 1 }, { listDatabases: 1 }, { getMore: 1n }]
    for (const command of others) expect(judged(guard, msg(command))).toBe('NOT_AUTHENTICATED')
    expect(judged(guard, as(start(scram('root'))))).toBe('USER_NOT_ALLOWED')
    expect(judged(guard, msg({ find: 'c' }))).toBe('NOT_AUTHENTICATED')
    expect(judged(guard, as(start(scram('app'))))).toBe('passes')
    for (const command of others) expect(judged(guard, msg(command))).toBe('passes')
  })

  test('whoever is in cannot become somebody else', () => {
    const guard = createGuard(users, endpoint)
    expect(judged(guard, as(start(scram('app'))))).toBe('passes')
    expect(judged(guard, as(start(scram('root'))))).toBe('USER_NOT_ALLOWED')
    expect(judged(guard, as(x509({ user: 'CN=root' })))).toBe('USER_NOT_ALLOWED')
    expect(judged(guard, msg({ find: 'c' }))).toBe('passes')
  })

  test('an empty list lets nobody in', () => {
    expect(once({ readOnly: false, databaseUsers: [] }, as(start(scram('app'))))).toBe('USER_NOT_ALLOWED')
  })

  test('a user that is allowed may write where the endpoint is not read-only, and not where it is', () => {
    for (const [rules, is] of [
      [users, 'passes'],
      [{ ...users, readOnly: true }, 'READ_ONLY'],
    ] as const) {
      const guard = createGuard(rules, endpoint)
      guard.judge(as(start(scram('app'))))
      expect(judged(guard, msg({ insert: 'c', documents: [] }))).toBe(is)
    }
  })
})
