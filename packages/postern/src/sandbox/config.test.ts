// What the environment must hold, and how a lack is told without showing a value.
import { expect, test } from 'vitest'
import { readSandboxConfig } from './config.ts'

const whole = { POSTERN_SANDBOX_DIR: '/data', POSTERN_SANDBOX_TOKEN: '0123456789abcdef' }

test('a folder and a token are enough', () => {
  expect(readSandboxConfig(whole)).toEqual({
    dataDir: '/data',
    adminToken: '0123456789abcdef',
    adminPort: 0,
    logLevel: 'info',
  })
})

test.each([
  ['no folder', { POSTERN_SANDBOX_DIR: '' }, 'POSTERN_SANDBOX_DIR'],
  ['no token', { POSTERN_SANDBOX_TOKEN: undefined }, 'POSTERN_SANDBOX_TOKEN'],
  ['a short token', { POSTERN_SANDBOX_TOKEN: 'short' }, 'POSTERN_SANDBOX_TOKEN'],
  ['a port that is none', { POSTERN_SANDBOX_PORT: '65536' }, 'POSTERN_SANDBOX_PORT'],
  ['a level that is none', { POSTERN_LOG_LEVEL: 'loud' }, 'POSTERN_LOG_LEVEL'],
])('%s is refused by name', (_, change, name) => {
  expect(() => readSandboxConfig({ ...whole, ...change })).toThrow(name)
  expect(() => readSandboxConfig({ ...whole, ...change })).not.toThrow('short')
})
