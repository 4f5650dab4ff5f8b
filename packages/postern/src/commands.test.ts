// Programs that cannot start, as a supervisor or a shell sees them.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const bin = fileURLToPath(new URL('./bin.ts', import.meta.url))

test.each(['gateway', 'dns', 'edge'])('%s without its variables says which, and exits with 1', async (word) => {
  const ended = await new Promise((resolve) => {
    const args = ['--import', 'tsx', bin, word]
    execFile(process.execPath, args, { env: { PATH: process.env.PATH } }, (error, _, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stderr }),
    )
  })
  expect(ended).toEqual({ code: 1, stderr: expect.stringContaining('POSTERN_URL is missing') })
})
